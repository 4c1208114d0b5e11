/**
 * One page of keys: in order, by prefix, rolled up at a delimiter.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import { compareKeys } from './keys.ts';

export interface ListingRequest {
  readonly prefix: string;
  /** `''` for none. */
  readonly delimiter: string;
  /** Only what comes after it. A common prefix counts as a name. `''` for all. */
  readonly after: string;
  /** Most names, keys and common prefixes together. */
  readonly limit: number;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** The last name on this page where there are more; else undefined. */
  readonly next: string | undefined;
}

/**
 * @param keysFrom - gives keys in order, from the first that is not before a text
 */
export function list(
  keysFrom: (from: string) => Iterable<string>,
  { prefix, delimiter, after, limit }: ListingRequest,
): Listing {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = '';
  if (limit === 0) return { keys, prefixes, next: undefined };
  let from = compareKeys(after, prefix) > 0 ? after : prefix;
  for (let rolledUp = true; rolledUp;) {
    rolledUp = false;
    for (const key of keysFrom(from)) {
      if (!key.startsWith(prefix)) break;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const name = end === -1 ? key : key.slice(0, end + delimiter.length);
      const comesAfter = after === '' || compareKeys(name, after) > 0;
      if (comesAfter && keys.length + prefixes.length === limit) return { keys, prefixes, next: last };
      if (comesAfter) {
        last = name;
        (end === -1 ? keys : prefixes).push(name);
      }
      if (end === -1) continue;
      // One step over all that is below the common prefix.
      from = behind(name);
      rolledUp = from !== '';
      break;
    }
  }
  return { keys, prefixes, next: undefined };
}

/** The first text after all that begin with a name; `''` where there is none. */
function behind(name: string): string {
  const points = Array.from(name);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = (last.codePointAt(0) ?? 0) + 1;
    // Surrogates are no characters.
    const next = point === 0xd8_00 ? 0xe0_00 : point;
    if (next <= 0x10_ff_ff) return points.join('') + String.fromCodePoint(next);
  }
  return '';
}
