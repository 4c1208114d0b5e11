/**
 * Copies: an object from an object, a part from a range of one. Bytes are shared, not copied.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
import { document } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { elementOf } from '../checksum.ts';
import type { Algorithm } from '../checksum.ts';
import { checkWrite, writeConditions } from '../conditions.ts';
import { copySourceOf, describedCopy } from '../copy-source.ts';
import type { CopySource } from '../copy-source.ts';
import { DESCRIBING_HEADERS } from '../description.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { isAlgorithm } from '../expected.ts';
import type { StoredObject } from '../object.ts';
import { rangeOf } from '../range.ts';
import type { Range } from '../range.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import { shareOf } from '../share.ts';
import type { Share } from '../share.ts';
import { nextVersion, versionHeaders } from '../versioning.ts';
import { partNumberOf, uploadOf } from './upload.ts';

/** Bytes that one copy may have: 5 GB. */
const MOST = 5 * 1024 ** 3;

/** Bytes that an object must have more of for ranges of it to be copied: 5 MB. */
const LEAST_CUT = 5 * 1024 ** 2;

export const copyObject: Operation = {
  name: 'CopyObject',
  method: 'PUT',
  on: 'object',
  needsHeader: 'x-amz-copy-source',
  headers: [
    ...DESCRIBING_HEADERS,
    'x-amz-checksum-algorithm',
    'x-amz-copy-source-if-*',
    'x-amz-meta-*',
    'x-amz-metadata-directive',
    'x-amz-source-expected-bucket-owner',
    'x-amz-tagging-directive',
  ],
  action: 's3:PutObject',
  run: copy,
};

export const uploadPartCopy: Operation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  on: 'object',
  needs: ['partNumber', 'uploadId'],
  needsHeader: 'x-amz-copy-source',
  headers: ['x-amz-copy-source-if-*', 'x-amz-copy-source-range', 'x-amz-source-expected-bucket-owner'],
  action: 's3:PutObject',
  run: copyPart,
};

async function copy(request: S3Request, service: Service): Promise<Answer> {
  const { store } = service;
  const { bucket: name, key, headers } = request;
  store.bucket(name);
  writeConditions(headers);
  const source = copySourceOf(request, service);
  if (source.object.size > MOST)
    throw invalidRequest(
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );
  const description = describedCopy(request, source);
  const attempt = store.attempt(name, key);
  const share = await shareOf(store, source.object, wholeOf(source.object), algorithmOf(headers, source));
  try {
    const object = store.changeKey(name, key, (bucket, [current]) => {
      checkWrite(headers, key, current, attempt);
      const version: StoredObject = {
        kind: 'object',
        ...nextVersion(store, bucket, key),
        ...description,
        etag: share.etag,
        size: source.object.size,
        segments: share.segments,
        checksum: share.checksum,
      };
      return { changes: [{ type: 'version', bucket: name, version }], result: version };
    });
    service.notify({ name: 'ObjectCreated:Copy', bucket: name, ...object }, request);
    return document('CopyObjectResult', resultOf(share, object.lastModified), {
      'x-amz-server-side-encryption': 'AES256',
      ...sourceHeaders(source),
      ...versionHeaders(store.bucket(name), object),
    });
  } finally {
    attempt.end();
    share.release();
  }
}

async function copyPart(request: S3Request, service: Service): Promise<Answer> {
  const { store } = service;
  const { bucket: name, key, query, headers } = request;
  const number = partNumberOf(query.get('partNumber') ?? '');
  const id = query.get('uploadId') ?? '';
  const { algorithm } = uploadOf(store.bucket(name), key, id);
  const source = copySourceOf(request, service);
  const range = partRange(headers.get('x-amz-copy-source-range'), source.object);
  const share = await shareOf(store, source.object, range, algorithm);
  try {
    const lastModified = store.now();
    store.changeKey(name, key, (bucket) => {
      uploadOf(bucket, key, id);
      const { etag, segments, checksum } = share;
      const part = { number, etag, size: range.length, lastModified, segments, checksum: checksum.value };
      return { changes: [{ type: 'part', bucket: name, upload: id, part }], result: undefined };
    });
    return document('CopyPartResult', resultOf(share, lastModified), {
      'x-amz-server-side-encryption': 'AES256',
      ...sourceHeaders(source),
    });
  } finally {
    share.release();
  }
}

function wholeOf({ size }: StoredObject): Range {
  return { start: 0, length: size };
}

/** Unlike a read's, this range must be whole and inside. */
function partRange(text: string | undefined, object: StoredObject): Range {
  if (text === undefined) return wholeOf(object);
  if (object.size <= LEAST_CUT)
    throw invalidRequest('Specified copy source is not supported as a byte-range copy source');
  const range = /^bytes=\d+-\d+$/u.test(text) ? rangeOf(text, object.size) : undefined;
  if (range === undefined || Number(text.split('-')[1]) >= object.size)
    throw invalidArgument(
      'x-amz-copy-source-range',
      text,
      `Range specified is not valid for source object of size: ${object.size}`,
    );
  return range;
}

function algorithmOf(headers: ReadonlyMap<string, string>, { object }: CopySource): Algorithm {
  const asked = headers.get('x-amz-checksum-algorithm')?.toUpperCase() ?? object.checksum.algorithm;
  if (!isAlgorithm(asked)) throw invalidRequest('Checksum algorithm provided is unsupported.');
  return asked;
}

function resultOf({ etag, checksum }: Share, lastModified: number): Record<string, string> {
  return {
    ETag: `"${etag}"`,
    LastModified: new Date(lastModified).toISOString(),
    [elementOf(checksum.algorithm)]: checksum.value,
    ChecksumType: checksum.type,
  };
}

function sourceHeaders({ bucket, object }: CopySource): Record<string, string> {
  const { 'x-amz-version-id': id } = versionHeaders(bucket, object);
  return id === undefined ? {} : { 'x-amz-copy-source-version-id': id };
}
