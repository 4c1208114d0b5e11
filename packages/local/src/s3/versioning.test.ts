/** What the S3 documentation promises of versions and tags. */
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput, Tag } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served[Symbol.asyncDispose]());

const versioning = (Status: 'Enabled' | 'Suspended'): Promise<unknown> =>
  served.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Key: string, Body: string, extra: Partial<PutObjectCommandInput> = {}): Promise<string> =>
  (await served.client.send(new PutObjectCommand({ Bucket, Key, Body, ...extra }))).VersionId ?? 'none';
const read = async (Key: string, VersionId?: string): Promise<string | undefined> => {
  const at = { Bucket, Key, ...(VersionId !== undefined && { VersionId }) };
  return (await served.client.send(new GetObjectCommand(at))).Body?.transformToString();
};

test('versions are kept, deleted one by one, and hidden under a marker', async () => {
  expect((await served.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect(await put('key', 'before')).toBe('none');
  await versioning('Enabled');
  const one = await put('key', 'one');
  const two = await put('key', 'two');
  expect(new Set([one, two, 'none']).size).toBe(3);
  expect(await Promise.all([read('key'), read('key', one), read('key', 'null')])).toEqual([
    'two',
    'one',
    'before',
  ]);
  expect(await refusal(read('key', 'x'.repeat(32)))).toBe('404 NoSuchVersion');
  expect(await refusal(read('key', 'no id'))).toBe('400 InvalidArgument');

  const marker = await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));
  expect(marker.DeleteMarker).toBe(true);
  expect(await refusal(read('key'))).toBe('404 NoSuchKey');
  expect(await refusal(read('key', marker.VersionId))).toBe('405 MethodNotAllowed');
  expect(await read('key', two)).toBe('two');
  // A marker is no object: the key may be written again as if it were new.
  expect(await refusal(put('key', 'three', { IfMatch: '*' }))).toBe('501 NotImplemented');
  await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'key', VersionId: marker.VersionId }));
  expect(await refusal(put('key', 'three', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  await served.client.send(new DeleteObjectCommand({ Bucket, Key: 'key' }));
  await put('key', 'three', { IfNoneMatch: '*' });

  await versioning('Suspended');
  expect(await put('key', 'null again')).toBe('null');
  expect(await read('key', 'null')).toBe('null again');
  expect(await read('key', one)).toBe('one');
});

const tag = (Key: string, TagSet: Tag[], VersionId?: string): Promise<unknown> =>
  served.client.send(
    new PutObjectTaggingCommand({
      Bucket,
      Key,
      Tagging: { TagSet },
      ...(VersionId !== undefined && { VersionId }),
    }),
  );
const tagsOf = async (Key: string): Promise<Tag[] | undefined> =>
  (await served.client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

describe('tags', () => {
  test('more than ten, one twice, or one with a name that is none is refused', async () => {
    await put('tagged', 'bytes');
    const many = Array.from({ length: 11 }, (_, index) => ({ Key: `key ${index}`, Value: '' }));
    expect(await refusal(tag('tagged', many))).toBe('400 BadRequest');
    expect(await refusal(tag('tagged', [...many.slice(0, 1), ...many.slice(0, 1)]))).toBe('400 InvalidTag');
    expect(await refusal(tag('tagged', [{ Key: 'a?', Value: '' }]))).toBe('400 InvalidTag');
    expect(await refusal(tag('not there', []))).toBe('404 NoSuchKey');
    expect(await refusal(put('tagged', 'x', { Tagging: 'a=1&a=2' }))).toBe('400 InvalidTag');
    expect(await tagsOf('tagged')).toEqual([]);
  });

  test('never touch the object itself', async () => {
    await put('tagged', 'bytes', { Tagging: 'a=1&b=x%20y' });
    const before = await served.client.send(new HeadObjectCommand({ Bucket, Key: 'tagged' }));
    expect(before).toMatchObject({ ContentLength: 5 });
    expect(await tagsOf('tagged')).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'x y' },
    ]);
    await tag('tagged', [{ Key: 'c', Value: 'd' }]);
    expect(await tagsOf('tagged')).toEqual([{ Key: 'c', Value: 'd' }]);
    expect(await read('tagged')).toBe('bytes');
    const after = await served.client.send(new HeadObjectCommand({ Bucket, Key: 'tagged' }));
    expect([after.ETag, after.LastModified, after.VersionId]).toEqual([
      before.ETag,
      before.LastModified,
      before.VersionId,
    ]);
    await served.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tagsOf('tagged')).toEqual([]);
    expect(await read('tagged')).toBe('bytes');
  });
});
