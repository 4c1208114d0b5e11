/**
 * Lists in pages of a hundred.
 *
 * @module
 */
import { invalid } from '../errors.ts';
import type { Query } from '../query.ts';

const PAGE = 100;

/** The page a request asks for, and the token of the next one. */
export function paged(
  query: Query,
  items: readonly string[],
): { page: readonly string[]; token: string | undefined } {
  const token = query.get('NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('NextToken');
  const end = start + PAGE;
  return {
    page: items.slice(start, end),
    token: end < items.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
