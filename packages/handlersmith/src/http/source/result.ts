/**
 * What the answers of all sources have in common.
 *
 * @module
 */
import type { EncodedAnswer, HttpResult } from './event.ts';

/** An answer without its cookies: each source has a place of its own for them. */
export function resultOf({ status, headers, body, isBase64Encoded }: EncodedAnswer): HttpResult {
  return { statusCode: status, headers, body, isBase64Encoded };
}
