/**
 * Writing an object with one request.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
import { done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { headerOf } from '../checksum.ts';
import { checkWrite, writeConditions } from '../conditions.ts';
import { DESCRIBING_HEADERS, descriptionOf } from '../description.ts';
import { notImplemented } from '../errors.ts';
import { BODY_HEADERS } from '../headers.ts';
import type { StoredObject } from '../object.ts';
import { receive } from '../receive.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import { nextVersion, versionHeaders } from '../versioning.ts';

export const putObject: Operation = {
  name: 'PutObject',
  action: 's3:PutObject',
  method: 'PUT',
  on: 'object',
  headers: [...BODY_HEADERS, ...DESCRIBING_HEADERS, 'x-amz-meta-*'],
  run: put,
};

async function put(request: S3Request, service: Service): Promise<Answer> {
  const { store } = service;
  const { bucket: name, key, headers } = request;
  store.bucket(name);
  writeConditions(headers);
  if (headers.has('range')) throw notImplemented('header range');
  const description = descriptionOf(headers);

  const attempt = store.attempt(name, key);
  const received = await receive(request, store.blobs, 'CRC64NVME').catch((error: unknown) => {
    attempt.end();
    throw error;
  });
  try {
    const [algorithm, value] = [...received.checksums][0] ?? ['CRC64NVME', ''];
    const object = store.changeKey(name, key, (bucket, [current]) => {
      checkWrite(headers, key, current, attempt);
      const version: StoredObject = {
        kind: 'object',
        ...nextVersion(store, bucket, key),
        ...description,
        etag: received.etag,
        size: received.size,
        segments: received.segments,
        checksum: { algorithm, value, type: 'FULL_OBJECT' },
      };
      return { changes: [{ type: 'version', bucket: name, version }], result: version };
    });
    service.notify({ name: 'ObjectCreated:Put', bucket: name, ...object }, request);
    return done(200, {
      etag: `"${object.etag}"`,
      [headerOf(algorithm)]: value,
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-server-side-encryption': 'AES256',
      ...versionHeaders(store.bucket(name), object),
    });
  } finally {
    attempt.end();
    store.blobs.release(received.segments);
  }
}
