/**
 * Listing the objects of a bucket.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import { document } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { invalidArgument } from '../errors.ts';
import { list } from '../listing.ts';
import type { Listing } from '../listing.ts';
import type { StoredObject } from '../object.ts';
import { encodingOf, limitOf } from '../page.ts';
import type { S3Request } from '../request.ts';
import { OWNER } from '../service.ts';
import type { Operation, Service } from '../service.ts';
import type { Bucket } from '../state.ts';
import type { Tree } from '../xml-write.ts';

export const listObjectsV2: Operation = {
  name: 'ListObjectsV2',
  action: 's3:ListBucket',
  method: 'GET',
  on: 'bucket',
  needs: ['list-type'],
  query: [
    'continuation-token',
    'delimiter',
    'encoding-type',
    'fetch-owner',
    'max-keys',
    'prefix',
    'start-after',
  ],
  run: listV2,
};

export const listObjects: Operation = {
  name: 'ListObjects',
  action: 's3:ListBucket',
  method: 'GET',
  on: 'bucket',
  query: ['delimiter', 'encoding-type', 'marker', 'max-keys', 'prefix'],
  run: listV1,
};

function listV2(request: S3Request, { store }: Service): Answer {
  const { query } = request;
  const bucket = store.bucket(request.bucket);
  const type = query.get('list-type') ?? '';
  if (type !== '2') throw invalidArgument('list-type', type, 'Invalid List Type specified in ListObjects');
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const { encode, page, listing, limit } = pageOf(
    request,
    bucket,
    token === undefined ? startAfter : opened(token),
  );
  return document('ListBucketResult', {
    ...page,
    ...(startAfter !== undefined && token === undefined && { StartAfter: encode(startAfter) }),
    ...(token !== undefined && { ContinuationToken: token }),
    ...(listing.next !== undefined && { NextContinuationToken: sealed(listing.next) }),
    KeyCount: listing.keys.length + listing.prefixes.length,
    MaxKeys: limit,
    IsTruncated: listing.next !== undefined,
    ...contentsOf(listing, bucket, encode, query.get('fetch-owner') === 'true'),
  });
}

function listV1(request: S3Request, { store }: Service): Answer {
  const bucket = store.bucket(request.bucket);
  const marker = request.query.get('marker') ?? '';
  const { encode, page, listing, limit } = pageOf(request, bucket, marker);
  const hasDelimiter = (request.query.get('delimiter') ?? '') !== '';
  return document('ListBucketResult', {
    ...page,
    Marker: encode(marker),
    ...(listing.next !== undefined && hasDelimiter && { NextMarker: encode(listing.next) }),
    MaxKeys: limit,
    IsTruncated: listing.next !== undefined,
    ...contentsOf(listing, bucket, encode, true),
  });
}

interface Page {
  readonly listing: Listing;
  readonly limit: number;
  readonly encode: (text: string) => string;
  /** What both forms say of what was asked. */
  readonly page: Tree;
}

function pageOf({ query }: S3Request, bucket: Bucket, after = ''): Page {
  const encode = encodingOf(query);
  const limit = limitOf(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const listing = list((from) => currentKeys(bucket, from), { prefix, delimiter, after, limit });
  const encoding = query.get('encoding-type');
  return {
    listing,
    limit,
    encode,
    page: {
      Name: bucket.name,
      Prefix: encode(prefix),
      ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
      ...(encoding !== undefined && { EncodingType: encoding }),
    },
  };
}

function contentsOf(
  { keys, prefixes }: Listing,
  bucket: Bucket,
  encode: (text: string) => string,
  withOwner: boolean,
): Tree {
  return {
    Contents: keys.flatMap((key) => {
      const current = bucket.objects.get(key)?.[0];
      return current?.kind === 'object' ? [entryOf(current, encode, withOwner)] : [];
    }),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/** What a list says of an object. */
function entryOf(object: StoredObject, encode: (text: string) => string, withOwner: boolean): Tree {
  return {
    Key: encode(object.key),
    LastModified: new Date(object.lastModified).toISOString(),
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksum.algorithm,
    ChecksumType: object.checksum.type,
    Size: object.size,
    StorageClass: object.headers['x-amz-storage-class'] ?? 'STANDARD',
    ...(withOwner && { Owner: { ID: OWNER } }),
  };
}

/** Keys whose newest version is no delete marker. */
function* currentKeys(bucket: Bucket, from: string): Generator<string> {
  for (const key of bucket.objects.from(from)) if (bucket.objects.get(key)?.[0]?.kind === 'object') yield key;
}

/** A token that nobody takes for a key. */
function sealed(name: string): string {
  return `1${Buffer.from(name).toString('base64')}`;
}

function opened(token: string): string {
  const name = Buffer.from(token.slice(1), 'base64').toString('utf8');
  if (sealed(name) !== token)
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  return name;
}
