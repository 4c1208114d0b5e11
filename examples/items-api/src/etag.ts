/**
 * Versions of an item as HTTP sees them: ETags and the conditions on them.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
 */

/** One entity tag: weak or strong, our versions are the numbers among them. */
const TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/u;

/** More than anybody needs, and few enough for one database condition. */
const MOST_TAGS = 10;

export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}

/**
 * The versions an `If-Match` header lets through.
 *
 * @returns `'any'` for `*`, the versions for a list of tags, undefined where it is neither
 */
export function versionsIn(ifMatch: string): readonly number[] | 'any' | undefined {
  if (ifMatch.trim() === '*') return 'any';
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.length > MOST_TAGS || !tags.every((tag) => TAG.test(tag))) return undefined;
  // If-Match compares strongly: a weak tag, like any that we never gave, matches nothing.
  return tags.flatMap((tag) => (/^"[1-9]\d{0,14}"$/u.test(tag) ? [Number(tag.slice(1, -1))] : []));
}

/** Whether an `If-None-Match` header says that the client has this version. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//u, '') === etag);
}
