/**
 * Multipart uploads: begun, filled part by part, given up.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
import { document, done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { headerOf } from '../checksum.ts';
import type { Algorithm, ChecksumType } from '../checksum.ts';
import { DESCRIBING_HEADERS, descriptionOf } from '../description.ts';
import { invalidArgument, invalidRequest, noSuchUpload, notImplemented } from '../errors.ts';
import { isAlgorithm } from '../expected.ts';
import { BODY_HEADERS } from '../headers.ts';
import { newId } from '../ids.ts';
import type { Part, Upload } from '../object.ts';
import { receive } from '../receive.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import type { Bucket, OpenUpload } from '../state.ts';

export const createMultipartUpload: Operation = {
  name: 'CreateMultipartUpload',
  action: 's3:PutObject',
  method: 'POST',
  on: 'object',
  needs: ['uploads'],
  headers: [...DESCRIBING_HEADERS, 'x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-meta-*'],
  run: begin,
};

export const uploadPart: Operation = {
  name: 'UploadPart',
  action: 's3:PutObject',
  method: 'PUT',
  on: 'object',
  needs: ['partNumber', 'uploadId'],
  headers: BODY_HEADERS,
  run: fill,
};

export const abortMultipartUpload: Operation = {
  name: 'AbortMultipartUpload',
  action: 's3:AbortMultipartUpload',
  method: 'DELETE',
  on: 'object',
  needs: ['uploadId'],
  run({ bucket: name, key, query }, { store }) {
    const id = query.get('uploadId') ?? '';
    store.changeKey(name, key, (bucket) => {
      uploadOf(bucket, key, id);
      return { changes: [{ type: 'upload-gone', bucket: name, upload: id }], result: undefined };
    });
    return done(204);
  },
};

/** @throws S3Error `NoSuchUpload`, also where it is one of another key */
export function uploadOf(bucket: Bucket, key: string, id: string): OpenUpload {
  const upload = bucket.uploads.get(id);
  if (upload?.key !== key) throw noSuchUpload(id);
  return upload;
}

/** @throws S3Error where it is none of 1 to 10,000 */
export function partNumberOf(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/u.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive');
}

function begin(request: S3Request, { store }: Service): Answer {
  const { bucket: name, key, headers } = request;
  for (const header of ['if-match', 'if-none-match'])
    if (headers.has(header)) throw notImplemented(`header ${header} on CreateMultipartUpload`);
  const upload: Upload = {
    id: newId(),
    key,
    startedAt: store.now(),
    ...descriptionOf(headers),
    ...checksumOf(headers),
  };
  store.changeKey(name, key, () => ({
    changes: [{ type: 'upload', bucket: name, upload }],
    result: undefined,
  }));
  return document(
    'InitiateMultipartUploadResult',
    { Bucket: name, Key: key, UploadId: upload.id },
    {
      'x-amz-server-side-encryption': 'AES256',
      ...(upload.declared && {
        'x-amz-checksum-algorithm': upload.algorithm,
        'x-amz-checksum-type': upload.type,
      }),
    },
  );
}

/**
 * The checksum of the object to be. Hashes can only be taken of the parts' hashes, CRC-64 only of the whole.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function checksumOf(headers: ReadonlyMap<string, string>): Pick<Upload, 'algorithm' | 'type' | 'declared'> {
  const asked = headers.get('x-amz-checksum-algorithm')?.toUpperCase();
  const type = headers.get('x-amz-checksum-type')?.toUpperCase();
  if (asked === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      );
    return { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', declared: false };
  }
  if (!isAlgorithm(asked)) throw invalidRequest('Checksum algorithm provided is unsupported.');
  if (type !== undefined && !isType(type))
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  const types = typesOf(asked);
  const [usual] = types;
  if (type !== undefined && !types.includes(type))
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${asked.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm: asked, type: type ?? usual, declared: true };
}

function typesOf(algorithm: Algorithm): readonly [ChecksumType, ...ChecksumType[]] {
  if (algorithm === 'CRC64NVME') return ['FULL_OBJECT'];
  return algorithm.startsWith('SHA') ? ['COMPOSITE'] : ['COMPOSITE', 'FULL_OBJECT'];
}

function isType(text: string): text is ChecksumType {
  return text === 'COMPOSITE' || text === 'FULL_OBJECT';
}

async function fill(request: S3Request, { store }: Service): Promise<Answer> {
  const { bucket: name, key, query } = request;
  const number = partNumberOf(query.get('partNumber') ?? '');
  const id = query.get('uploadId') ?? '';
  const { algorithm, declared } = uploadOf(store.bucket(name), key, id);
  const received = await receive(request, store.blobs, algorithm, algorithm);
  try {
    if (declared && received.sent !== algorithm)
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${received.sent?.toLowerCase() ?? 'null'}`,
      );
    const part: Part = {
      number,
      etag: received.etag,
      size: received.size,
      lastModified: store.now(),
      segments: received.segments,
      checksum: received.checksums.get(algorithm) ?? '',
    };
    store.changeKey(name, key, (bucket) => {
      // It may have been completed or given up while the bytes came.
      uploadOf(bucket, key, id);
      return { changes: [{ type: 'part', bucket: name, upload: id, part }], result: undefined };
    });
    const told = received.sent ?? algorithm;
    return done(200, {
      etag: `"${part.etag}"`,
      [headerOf(told)]: received.checksums.get(told) ?? '',
      'x-amz-server-side-encryption': 'AES256',
    });
  } finally {
    store.blobs.release(received.segments);
  }
}
