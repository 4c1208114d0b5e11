/**
 * Reading an object, or what is known of it.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import { done } from '../answer.ts';
import type { Answer, Bytes } from '../answer.ts';
import { headerOf } from '../checksum.ts';
import { checkRead } from '../conditions.ts';
import { describingHeaders } from '../description.ts';
import { accessDenied, invalidArgument, invalidRequest, S3Error } from '../errors.ts';
import type { StoredObject } from '../object.ts';
import { contentRange, rangeOf } from '../range.ts';
import type { Range } from '../range.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import type { Store } from '../store.ts';
import { objectOf, versionHeaders } from '../versioning.ts';

/** Query parameters that replace headers of the answer. */
const OVERRIDES: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

const taken = {
  on: 'object',
  query: ['versionId', 'partNumber', ...Object.keys(OVERRIDES)],
  headers: ['x-amz-checksum-mode'],
  run: get,
} as const;

export const getObject: Operation = { name: 'GetObject', action: 's3:GetObject', method: 'GET', ...taken };
export const headObject: Operation = { name: 'HeadObject', action: 's3:GetObject', method: 'HEAD', ...taken };

function get(request: S3Request, { store }: Service): Answer {
  const { headers, query } = request;
  const bucket = store.bucket(request.bucket);
  const object = objectOf(bucket, request.key, query.get('versionId'));
  const known = {
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    ...versionHeaders(bucket, object),
  };
  const unchanged = checkRead(headers, object);
  if (unchanged !== undefined) return done(304, known);

  const { range, part } = wantedOf(request, object);
  const { start, length } = range ?? { start: 0, length: object.size };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...describingHeaders(object),
      ...known,
      'accept-ranges': 'bytes',
      'x-amz-server-side-encryption': 'AES256',
      ...(range !== undefined && { 'content-range': contentRange(range, object.size) }),
      ...(part !== undefined && { 'x-amz-mp-parts-count': String(object.parts?.length ?? 1) }),
      ...(object.tags.length > 0 && { 'x-amz-tagging-count': String(object.tags.length) }),
      ...checksumHeaders(request, object, range, part),
      ...overrides(request),
    },
    body: bytesOf(store, object, start, length),
  };
}

/** Bytes that stay while they are sent, whatever becomes of the object. */
function bytesOf(
  { blobs }: Store,
  { segments }: StoredObject,
  start: number,
  length: number,
): Bytes | Uint8Array {
  const bytes = blobs.at(segments, start, length);
  if (bytes !== undefined) return bytes;
  blobs.hold(segments);
  return {
    length,
    read: () => blobs.read(segments, start, length),
    end: () => blobs.release(segments),
  };
}

/** A range of bytes, or a part by its number. */
function wantedOf(
  { headers, query }: S3Request,
  object: StoredObject,
): { readonly range: Range | undefined; readonly part: number | undefined } {
  const range = rangeOf(headers.get('range'), object.size);
  const number = query.get('partNumber');
  if (number === undefined) return { range, part: undefined };
  if (headers.has('range'))
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  if (!/^[1-9]\d{0,4}$/u.test(number) || Number(number) > 10_000)
    throw invalidArgument(
      'partNumber',
      number,
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  const part = Number(number);
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  const wanted = parts[part - 1];
  if (wanted === undefined)
    throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: number,
      ActualPartCount: String(parts.length),
    });
  if (object.parts === undefined) return { range: undefined, part };
  const start = parts.slice(0, part - 1).reduce((sum, { size }) => sum + size, 0);
  return { range: { start, length: wanted.size }, part };
}

/** The checksum is of the whole: it is not given with a range, which a client would check it against. */
function checksumHeaders(
  { headers }: S3Request,
  { checksum, parts }: StoredObject,
  range: Range | undefined,
  part: number | undefined,
): Record<string, string> {
  const mode = headers.get('x-amz-checksum-mode');
  if (mode !== undefined && mode.toUpperCase() !== 'ENABLED')
    throw invalidArgument('x-amz-checksum-mode', mode, 'The value must be ENABLED.');
  if (mode === undefined) return {};
  const value =
    part !== undefined && parts !== undefined
      ? parts[part - 1]?.checksum
      : range === undefined
        ? checksum.value
        : undefined;
  if (value === undefined) return {};
  return { [headerOf(checksum.algorithm)]: value, 'x-amz-checksum-type': checksum.type };
}

/** Only who signed may change what an answer says of itself: nobody else can be asked who it was. */
function overrides({ query, headers }: S3Request): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const [parameter, header] of Object.entries(OVERRIDES)) {
    const value = query.get(parameter);
    if (value === undefined) continue;
    if (!headers.has('authorization') && !query.has('X-Amz-Signature'))
      throw accessDenied('Request specific response headers cannot be used for anonymous GET requests.');
    changed[header] = value;
  }
  return changed;
}
