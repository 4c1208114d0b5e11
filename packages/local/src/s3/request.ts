/**
 * A request as the operations see it: bucket, key, query and headers, decoded once.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';

import { notImplemented, S3Error } from './errors.ts';

/** Bytes of UTF-8 a key may have. */
const KEY_LIMIT = 1024;

export interface S3Request {
  readonly method: string;
  /** `''` where the request speaks of no bucket. */
  readonly bucket: string;
  /** `''` where the request speaks of no key. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. A presigned URL's `x-amz-*` parameters count as headers. */
  readonly headers: ReadonlyMap<string, string>;
  /** As sent, for the signature. */
  readonly path: string;
  /** Whether nobody signed it, and it needs a policy that allows it. */
  readonly anonymous: boolean;
  readonly sourceAddress: string;
  readonly id: string;
  /** The bytes as they come. Reading tells a waiting client to go on. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * @param id - the request's own, for the answer and the records of events
 * @param open - whether who does not sign may do what the owner may
 * @throws S3Error where the URL is not valid percent-encoding, or a query parameter comes twice
 */
export function readRequest(
  request: IncomingMessage,
  id: string,
  body: AsyncIterable<Uint8Array>,
  open: boolean,
): S3Request {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?#]*/iu, '');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const [bucket = '', ...rest] = path.replace(/^\//u, '').split('/');
  const query = readQuery(mark === -1 ? '' : target.slice(mark + 1));
  const key = decoded(rest.join('/'));
  if (Buffer.byteLength(key) > KEY_LIMIT) {
    throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(KEY_LIMIT),
    });
  }
  const headers = readHeaders(request, query);
  return {
    method: request.method ?? 'GET',
    bucket: decoded(bucket),
    key,
    query,
    headers,
    path,
    anonymous: !open && !isSigned({ headers, query }),
    sourceAddress: request.socket.remoteAddress ?? '127.0.0.1',
    id,
    body,
  };
}

/** Whether a request claims to be from somebody. */
export function isSigned({ headers, query }: Pick<S3Request, 'headers' | 'query'>): boolean {
  return headers.has('authorization') || query.has('X-Amz-Signature');
}

function readHeaders(
  request: IncomingMessage,
  query: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(',') : value);
  // S3 takes those of a presigned URL as headers; the ones that make it a presigned URL it does not.
  if (query.has('X-Amz-Signature'))
    for (const [name, value] of query) if (name.startsWith('x-amz-')) headers.set(name, value);
  return headers;
}

function readQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const mark = pair.indexOf('=');
    const name = decoded(mark === -1 ? pair : pair.slice(0, mark));
    if (query.has(name)) throw notImplemented(`query parameter ${name}, twice`);
    query.set(name, mark === -1 ? '' : decoded(pair.slice(mark + 1).replaceAll('+', ' ')));
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const error = new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: text });
    error.cause = cause;
    throw error;
  }
}
