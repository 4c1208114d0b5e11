/**
 * Listing the parts of an upload, and the uploads of a bucket.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
import { document } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { elementOf } from '../checksum.ts';
import { compareKeys } from '../keys.ts';
import { encodingOf, limitOf } from '../page.ts';
import type { S3Request } from '../request.ts';
import { OWNER } from '../service.ts';
import type { Operation, Service } from '../service.ts';
import type { OpenUpload } from '../state.ts';
import type { Tree } from '../xml-write.ts';
import { uploadOf } from './upload.ts';

const owned: Tree = { Initiator: { ID: OWNER }, Owner: { ID: OWNER }, StorageClass: 'STANDARD' };

export const listParts: Operation = {
  name: 'ListParts',
  action: 's3:ListMultipartUploadParts',
  method: 'GET',
  on: 'object',
  needs: ['uploadId'],
  query: ['max-parts', 'part-number-marker', 'encoding-type'],
  run: partsOf,
};

export const listMultipartUploads: Operation = {
  name: 'ListMultipartUploads',
  action: 's3:ListBucketMultipartUploads',
  method: 'GET',
  on: 'bucket',
  needs: ['uploads'],
  query: ['delimiter', 'encoding-type', 'key-marker', 'max-uploads', 'prefix', 'upload-id-marker'],
  run: uploadsOf,
};

function partsOf({ bucket, key, query }: S3Request, { store }: Service): Answer {
  const upload = uploadOf(store.bucket(bucket), key, query.get('uploadId') ?? '');
  const limit = limitOf(query, 'max-parts');
  const after = Number(query.get('part-number-marker') ?? '0');
  const all = [...upload.parts.values()]
    .toSorted((one, other) => one.number - other.number)
    .filter(({ number }) => number > after);
  const shown = all.slice(0, limit);
  return document('ListPartsResult', {
    Bucket: bucket,
    Key: encodingOf(query)(key),
    UploadId: upload.id,
    ...owned,
    PartNumberMarker: after,
    NextPartNumberMarker: shown.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: shown.length < all.length && limit > 0,
    ...(upload.declared && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.type }),
    Part: shown.map(({ number, etag, size, lastModified, checksum }) => ({
      PartNumber: number,
      LastModified: new Date(lastModified).toISOString(),
      ETag: `"${etag}"`,
      [elementOf(upload.algorithm)]: checksum,
      Size: size,
    })),
  });
}

function uploadsOf({ bucket: name, query }: S3Request, { store }: Service): Answer {
  const encode = encodingOf(query);
  const limit = limitOf(query, 'max-uploads');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker') ?? '';
  const rolledUp = (key: string): string | undefined => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end === -1 ? undefined : key.slice(0, end + delimiter.length);
  };
  const uploads = [...store.bucket(name).uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .filter((upload) => isBehind(upload, rolledUp(upload.key) ?? upload.key, keyMarker, idMarker))
    .toSorted((one, other) => compareKeys(one.key, other.key) || (one.id < other.id ? -1 : 1));
  /** An upload, or all those below a common prefix. */
  const entries = new Map<string, OpenUpload | undefined>();
  for (const upload of uploads) {
    const common = rolledUp(upload.key);
    entries.set(common ?? `${upload.key}\0${upload.id}`, common === undefined ? upload : undefined);
  }
  const shown = [...entries].slice(0, limit);
  const [lastName, last] = shown.at(-1) ?? ['', undefined];
  const truncated = shown.length < entries.size && limit > 0;
  return document('ListMultipartUploadsResult', {
    Bucket: name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    ...(truncated && { NextKeyMarker: encode(last?.key ?? lastName), NextUploadIdMarker: last?.id ?? '' }),
    Prefix: encode(prefix),
    ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
    MaxUploads: limit,
    IsTruncated: truncated,
    Upload: shown.flatMap(([, upload]) => (upload === undefined ? [] : [entryOf(upload, encode)])),
    CommonPrefixes: shown.flatMap(([common, upload]) =>
      upload === undefined ? [{ Prefix: encode(common) }] : [],
    ),
  });
}

/** Behind the markers: another key, or a later upload of the same. */
function isBehind(upload: OpenUpload, entry: string, keyMarker: string, idMarker: string): boolean {
  if (keyMarker === '') return true;
  const order = compareKeys(entry, keyMarker);
  return order > 0 || (order === 0 && idMarker !== '' && upload.key === keyMarker && upload.id > idMarker);
}

function entryOf(upload: OpenUpload, encode: (text: string) => string): Tree {
  return {
    Key: encode(upload.key),
    UploadId: upload.id,
    ...owned,
    Initiated: new Date(upload.startedAt).toISOString(),
    ...(upload.declared && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.type }),
  };
}
