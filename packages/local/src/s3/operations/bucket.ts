/**
 * Buckets themselves.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
import { document, done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { checkBucketName } from '../bucket-name.ts';
import { notImplemented, S3Error } from '../errors.ts';
import { BODY_HEADERS } from '../headers.ts';
import { receiveDocument } from '../receive.ts';
import type { S3Request } from '../request.ts';
import { OWNER } from '../service.ts';
import type { Operation, Service } from '../service.ts';
import { onlyChildren, textOf } from '../xml-read.ts';

export const listBuckets: Operation = {
  name: 'ListBuckets',
  action: 's3:ListAllMyBuckets',
  method: 'GET',
  on: 'service',
  query: ['prefix'],
  run: ({ query }, { store }) =>
    document('ListAllMyBucketsResult', {
      Buckets: {
        Bucket: [...store.buckets.values()]
          .filter(({ name }) => name.startsWith(query.get('prefix') ?? ''))
          .toSorted((one, other) => (one.name < other.name ? -1 : 1))
          .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() })),
      },
      Owner: { ID: OWNER },
    }),
};

export const createBucket: Operation = {
  name: 'CreateBucket',
  action: 's3:CreateBucket',
  method: 'PUT',
  on: 'bucket',
  headers: [...BODY_HEADERS, 'x-amz-acl', 'x-amz-object-ownership'],
  run: create,
};

export const headBucket: Operation = {
  name: 'HeadBucket',
  action: 's3:ListBucket',
  method: 'HEAD',
  on: 'bucket',
  run({ bucket }, { store, region }) {
    store.bucket(bucket);
    return done(200, { 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' });
  },
};

export const getBucketLocation: Operation = {
  name: 'GetBucketLocation',
  action: 's3:GetBucketLocation',
  method: 'GET',
  on: 'bucket',
  needs: ['location'],
  run({ bucket }, { store, region }) {
    store.bucket(bucket);
    // The first region has no name here, for as long as S3 exists.
    return document('LocationConstraint', region === FIRST_REGION ? '' : region);
  },
};

export const deleteBucket: Operation = {
  name: 'DeleteBucket',
  action: 's3:DeleteBucket',
  method: 'DELETE',
  on: 'bucket',
  run({ bucket: name }, { store }) {
    const bucket = store.bucket(name);
    if (bucket.objects.size > 0)
      throw new S3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', {
        BucketName: name,
      });
    // Uploads that were never completed do not keep a bucket.
    const uploads = [...bucket.uploads.keys()];
    store.change([
      ...uploads.map((upload) => ({ type: 'upload-gone', bucket: name, upload }) as const),
      { type: 'bucket-gone', bucket: name },
    ]);
    return done(204);
  },
};

const FIRST_REGION = 'us-east-1';

async function create(request: S3Request, { store, region }: Service): Promise<Answer> {
  const { bucket: name, headers } = request;
  checkBucketName(name);
  const ownership = headers.get('x-amz-object-ownership') ?? 'BucketOwnerEnforced';
  if (ownership !== 'BucketOwnerEnforced')
    throw notImplemented(`header x-amz-object-ownership: ${ownership}`);
  if ((headers.get('x-amz-acl') ?? 'private') !== 'private')
    throw notImplemented(`header x-amz-acl: ${headers.get('x-amz-acl')}`);
  await checkLocation(request, region);
  // The oldest region lets its owner make a bucket again.
  if (store.buckets.has(name) && region !== FIRST_REGION)
    throw new S3Error(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  if (!store.buckets.has(name)) store.change([{ type: 'bucket', bucket: name, at: store.now() }]);
  return done(200, { location: `/${name}` });
}

async function checkLocation(request: S3Request, region: string): Promise<void> {
  const length = request.headers.get('content-length') ?? '0';
  const empty = length === '0' && !request.headers.has('transfer-encoding');
  const configuration = empty ? undefined : await receiveDocument(request);
  if (configuration !== undefined) onlyChildren(configuration, ['LocationConstraint']);
  const location = configuration && textOf(configuration, 'LocationConstraint');
  if ((location ?? FIRST_REGION) === region && location !== FIRST_REGION) return;
  throw new S3Error(
    400,
    location === undefined ? 'IllegalLocationConstraintException' : 'InvalidLocationConstraint',
    location === undefined
      ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
      : 'The specified location-constraint is not valid',
    { LocationConstraint: location ?? 'unspecified' },
  );
}
