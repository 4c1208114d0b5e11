/**
 * What is known of an object, in one answer.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
import { document } from '../answer.ts';
import { elementOf } from '../checksum.ts';
import { invalidArgument } from '../errors.ts';
import type { StoredObject } from '../object.ts';
import type { Operation } from '../service.ts';
import { objectOf, versionHeaders } from '../versioning.ts';
import type { Tree } from '../xml-write.ts';

/** What each attribute is, by its name. */
const ATTRIBUTES: Readonly<Record<string, (object: StoredObject) => Tree>> = {
  ETag: ({ etag }) => ({ ETag: etag }),
  Checksum: ({ checksum: { algorithm, value, type } }) => ({
    Checksum: { [elementOf(algorithm)]: value, ChecksumType: type },
  }),
  // Their number alone: S3 names the parts themselves only where they were given checksums.
  ObjectParts: ({ parts }) => (parts === undefined ? {} : { ObjectParts: { PartsCount: parts.length } }),
  StorageClass: ({ headers }) => ({ StorageClass: headers['x-amz-storage-class'] ?? 'STANDARD' }),
  ObjectSize: ({ size }) => ({ ObjectSize: size }),
};

export const getObjectAttributes: Operation = {
  name: 'GetObjectAttributes',
  action: 's3:GetObjectAttributes',
  method: 'GET',
  on: 'object',
  needs: ['attributes'],
  query: ['versionId'],
  headers: ['x-amz-object-attributes'],
  run({ bucket: name, key, query, headers }, { store }) {
    const bucket = store.bucket(name);
    const object = objectOf(bucket, key, query.get('versionId'));
    const asked = (headers.get('x-amz-object-attributes') ?? '').split(',').map((one) => one.trim());
    const trees = asked.map((attribute) => {
      const tree = Object.hasOwn(ATTRIBUTES, attribute) ? ATTRIBUTES[attribute]?.(object) : undefined;
      if (tree === undefined)
        throw invalidArgument('x-amz-object-attributes', attribute, 'Invalid attribute name specified.');
      return tree;
    });
    return document('GetObjectAttributesResponse', Object.assign({}, ...trees) as Tree, {
      'last-modified': new Date(object.lastModified).toUTCString(),
      ...versionHeaders(bucket, object),
    });
  },
};
