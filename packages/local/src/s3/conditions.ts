/**
 * Conditions of requests: read only if, write only if, delete only if.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import type { Attempt } from './attempt.ts';
import { conditionalConflict, noSuchKey, notImplemented, preconditionFailed } from './errors.ts';
import type { ObjectVersion, StoredObject } from './object.ts';

/** Headers that make a read conditional. A copy has them of its source, with a prefix. */
const READ_CONDITIONS: readonly string[] = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

/**
 * Whether an object may be read.
 *
 * @param prefix - before the names of the headers: a copy speaks of its source
 * @returns the header that says the client has it already
 * @throws S3Error `PreconditionFailed` where it is not the one that is wanted
 */
export function checkRead(
  headers: ReadonlyMap<string, string>,
  { etag, lastModified }: StoredObject,
  prefix = '',
): 'If-None-Match' | 'If-Modified-Since' | undefined {
  const [match, noneMatch, modifiedSince, unmodifiedSince] = READ_CONDITIONS.map((name) =>
    headers.get(prefix + name),
  );
  if (match !== undefined && !matches(match, etag)) throw preconditionFailed('If-Match');
  // The entity tag is the stronger of the two, as RFC 9110 has it.
  if (match === undefined && isAfter(lastModified, unmodifiedSince))
    throw preconditionFailed('If-Unmodified-Since');
  if (noneMatch !== undefined) return matches(noneMatch, etag) ? 'If-None-Match' : undefined;
  const unchanged = modifiedSince !== undefined && isAfter(lastModified, modifiedSince) === false;
  return unchanged ? 'If-Modified-Since' : undefined;
}

/**
 * Whether a key may be written.
 *
 * @param current - its newest version
 * @param attempt - begun when the request came
 * @throws S3Error `PreconditionFailed`; `NoSuchKey` where one has to be there; `ConditionalRequestConflict` where a
 * delete came in between
 */
export function checkWrite(
  headers: ReadonlyMap<string, string>,
  key: string,
  current: ObjectVersion | undefined,
  attempt: Attempt,
): void {
  const { match, noneMatch } = writeConditions(headers);
  if (noneMatch !== undefined) {
    if (current?.kind === 'object') throw preconditionFailed('If-None-Match');
    if (attempt.disturbed()) throw conditionalConflict('If-None-Match', key);
  }
  if (match !== undefined) {
    if (attempt.disturbed()) throw conditionalConflict('If-Match', key);
    if (current?.kind !== 'object') throw noSuchKey(key);
    if (!matches(match, current.etag)) throw preconditionFailed('If-Match');
  }
}

/**
 * What a write asks for. Called before the body is taken in, so that nobody sends one in vain.
 *
 * @throws S3Error `NotImplemented` for conditions that S3 itself does not know
 */
export function writeConditions(headers: ReadonlyMap<string, string>): {
  readonly match: string | undefined;
  readonly noneMatch: string | undefined;
} {
  const match = headers.get('if-match');
  const noneMatch = headers.get('if-none-match');
  for (const name of ['if-modified-since', 'if-unmodified-since'])
    if (headers.has(name)) throw notImplemented(`header ${name}`);
  if (noneMatch !== undefined && noneMatch !== '*')
    throw notImplemented(`header if-none-match: ${noneMatch}`);
  if (match === '*') throw notImplemented('header if-match: *');
  if (match !== undefined && noneMatch !== undefined)
    throw notImplemented('headers if-match and if-none-match together');
  return { match, noneMatch };
}

/**
 * Whether a key may be deleted.
 *
 * @param wanted - entity tag or `*`; undefined for an unconditional delete
 * @throws S3Error `NoSuchKey` where there is none, `PreconditionFailed` where it is another or deleted
 */
export function checkDelete(
  wanted: string | undefined,
  key: string,
  current: ObjectVersion | undefined,
): void {
  if (wanted === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (current.kind === 'marker' || !matches(wanted, current.etag)) throw preconditionFailed('If-Match');
}

/** Whether a list of entity tags has one, quoted or not. */
function matches(list: string, etag: string): boolean {
  return list.split(',').some((one) => {
    const wanted = one.trim().replace(/^W\//u, '');
    return wanted === '*' || wanted.replace(/^"(.*)"$/u, '$1') === etag;
  });
}

/** Whether an object is newer than a date in a header; undefined where there is no date. HTTP dates know seconds only. */
function isAfter(lastModified: number, date: string | undefined): boolean | undefined {
  if (date === undefined) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.floor(lastModified / 1000) * 1000 > time;
}
