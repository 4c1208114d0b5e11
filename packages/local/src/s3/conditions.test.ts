/** What the S3 documentation promises of conditional writes, deletes and copies. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type {
  CopyObjectCommandInput,
  DeleteObjectCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Bucket, refusal, serve } from './client.fixture.ts';
import type { Served } from './client.fixture.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served[Symbol.asyncDispose]());

type Extra<Input> = Partial<Omit<Input, 'Bucket' | 'Key' | 'Body'>>;
const put = (
  Key: string,
  Body: string | Uint8Array | Readable,
  extra: Extra<PutObjectCommandInput> = {},
): Promise<PutObjectCommandOutput> =>
  served.client.send(new PutObjectCommand({ Bucket, Key, Body, ...extra }));
const get = (Key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<GetObjectCommandOutput> =>
  served.client.send(new GetObjectCommand({ Bucket, Key, ...extra }));
const head = (Key: string, extra: Extra<GetObjectCommandInput> = {}): Promise<HeadObjectCommandOutput> =>
  served.client.send(new HeadObjectCommand({ Bucket, Key, ...extra }));
const remove = (Key: string, IfMatch?: string): Promise<DeleteObjectCommandOutput> =>
  served.client.send(new DeleteObjectCommand({ Bucket, Key, ...(IfMatch !== undefined && { IfMatch }) }));
const copy = (Key: string, extra: Partial<CopyObjectCommandInput> = {}): Promise<unknown> =>
  served.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/copy%20source`, ...extra }));
const textOf = async (Key: string): Promise<string | undefined> => (await get(Key)).Body?.transformToString();

test('If-None-Match: * writes once; the second gets 412, and the first stays', async () => {
  await put('once', 'first', { IfNoneMatch: '*' });
  expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  expect(await textOf('once')).toBe('first');
});

test.each([
  ['small', 10],
  ['of a megabyte', 1024 * 1024],
])('of 50 at once, bodies %s, exactly one wins, and its bytes are there', async (name, size) => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 50 }, (_, writer) =>
      put(`race ${name}`, Buffer.alloc(size, writer), { IfNoneMatch: '*' }),
    ),
  );
  const winners = attempts.flatMap(({ status }, writer) => (status === 'fulfilled' ? [writer] : []));
  expect(winners).toHaveLength(1);
  const bytes = await (await get(`race ${name}`)).Body?.transformToByteArray();
  expect(Buffer.compare(bytes ?? Buffer.alloc(0), Buffer.alloc(size, winners[0]))).toBe(0);
  const names = attempts.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).name] : []));
  expect(names).toEqual(Array.from({ length: 49 }, () => 'PreconditionFailed'));
});

test('If-Match replaces what it names; 412 for another, 404 for none', async () => {
  const { ETag = '' } = await put('swap', 'one');
  await put('swap', 'two', { IfMatch: ETag });
  expect(await refusal(put('swap', 'three', { IfMatch: ETag }))).toBe('412 PreconditionFailed');
  expect(await refusal(put('swap nothing', 'x', { IfMatch: ETag }))).toBe('404 NoSuchKey');
  expect(await textOf('swap')).toBe('two');
});

test.each([
  ['If-None-Match', { IfNoneMatch: '*' }],
  ['If-Match', { IfMatch: `"${createHash('md5').update('there').digest('hex')}"` }],
])('a delete while a write with %s is on its way: 409, to be tried again', async (name, condition) => {
  const Key = `disturbed ${name}`;
  await put(Key, 'there');
  const sending = Promise.withResolvers<void>();
  const deleted = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<Buffer> {
    yield Buffer.from('a');
    sending.resolve();
    await deleted.promise;
    yield Buffer.from('b');
  }
  const writing = refusal(put(Key, Readable.from(slowly()), { ContentLength: 2, ...condition }));
  await sending.promise;
  // The first bytes are on their way when the client is asked for more; the server has to see them.
  await new Promise((done) => setTimeout(done, 50));
  await remove(Key);
  deleted.resolve();
  expect(await writing).toBe('409 ConditionalRequestConflict');
  expect(await refusal(get(Key))).toBe('404 NoSuchKey');
});

test('a conditional delete: 412 for another, 404 for none, 204 for the one that is there', async () => {
  const { ETag } = await put('gone', 'x');
  expect(await refusal(remove('gone', '"other"'))).toBe('412 PreconditionFailed');
  await remove('gone', ETag);
  expect(await refusal(remove('gone', '*'))).toBe('404 NoSuchKey');
  await remove('gone');
});

test('a copy may be conditional on both ends', async () => {
  const { ETag = '' } = await put('copy source', 'x', { Metadata: { kept: 'yes' }, ContentType: 'text/x' });
  await copy('copy', { IfNoneMatch: '*', CopySourceIfMatch: ETag });
  expect(await refusal(copy('copy', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  expect(await refusal(copy('copy', { CopySourceIfMatch: '"other"' }))).toBe('412 PreconditionFailed');
  expect(await refusal(copy('copy', { CopySourceIfNoneMatch: ETag }))).toBe('412 PreconditionFailed');
  expect(await refusal(copy('copy source'))).toBe('400 InvalidRequest');
  expect(await head('copy')).toMatchObject({ ETag, Metadata: { kept: 'yes' }, ContentType: 'text/x' });
  await copy('copy', { MetadataDirective: 'REPLACE', Metadata: { new: 'yes' } });
  expect((await head('copy')).Metadata).toEqual({ new: 'yes' });
});
