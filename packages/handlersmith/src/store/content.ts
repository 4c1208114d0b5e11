/**
 * What is to be stored, whatever shape it comes in.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import { isCount } from '../handler/options.ts';
import type { Attempt } from './attempt.ts';
import { streamContent } from './stage-stream.ts';
import { bytesContent } from './stage.ts';
import type { BlobBody, BlobReference, BlobStream, RowKey } from './types.ts';

/** Where a blob goes, but for the generation. */
export interface Place {
  readonly attempt: Attempt;
  /** Name of the write. */
  readonly write: string;
  readonly rowKey: RowKey;
  readonly contentType: string | undefined;
}

/** The bytes of one write. */
export interface Content {
  /** SHA-256 in hexadecimal, where it is known before anything is sent. */
  readonly sha256: string | undefined;
  /**
   * What {@link Content.stage} will give, where that is known before: what the row says can then be looked at first.
   * It may give more, such as a version.
   */
  foresee(place: Place, generation: number): BlobReference | undefined;
  /**
   * W2: puts the bytes where a sweep finds them if nothing comes of the write. Staged under another generation, they
   * get another key.
   *
   * @throws OutcomeUnknown when that is not possible now; nothing has to be undone
   */
  stage(place: Place, generation: number): Promise<BlobReference>;
  /** The SHA-256, if need be by reading everything. */
  digest(attempt: Attempt): Promise<string>;
}

/**
 * @param operation - for messages
 * @throws TypeError for a body that is none
 * @throws BlobTooLarge
 */
export function contentOf(operation: string, body: BlobBody, maxBytes: number): Content {
  if (body instanceof Uint8Array) return bytesContent(operation, body, maxBytes);
  if (isStream(body)) return streamContent(operation, { stream: body }, maxBytes);
  if (isObject(body) && 'stream' in body && isStream(body.stream))
    return streamContent(operation, declaredOf(operation, body), maxBytes);
  throw new TypeError(
    `${operation}: body must be a Uint8Array, a stream of them, or { stream, length, sha256 }, got ${kindOf(body)}`,
  );
}

/** Node's streams and web streams are such, and async generators. */
function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return isObject(value) && Symbol.asyncIterator in value;
}

function declaredOf(operation: string, { stream, length, sha256 }: BlobStream): BlobStream {
  if (length !== undefined && !isCount(length))
    throw new TypeError(`${operation}: length must be a whole number of bytes, 0 or more`);
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw new TypeError(`${operation}: sha256 must be 64 hexadecimal digits`);
  return {
    stream,
    ...(length === undefined ? {} : { length }),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
  };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
