import { ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { lostAnswer, passes, type Servers, startServers } from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let store: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  store = blobStore({ ...servers.options, probe: false, limits: { retryDelay: 0, readerGrace: 0 } });
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await servers.inspect.s3.send(
    new PutBucketVersioningCommand({ Bucket: servers.options.bucket, VersioningConfiguration }),
  );
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

async function versions(): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await servers.inspect.s3.send(
    new ListObjectVersionsCommand({ Bucket: servers.options.bucket }),
  );
  return [...Versions, ...DeleteMarkers].map(({ VersionId }) => VersionId ?? '');
}

it('a row names the version that its write has made, and row() is told of it', async () => {
  const told: (string | undefined)[] = [];
  const { id, blob } = await store.create({
    ...photo(freshKey()),
    row: (reference) => {
      told.push(reference.versionId);
      return { size: reference.size };
    },
  });
  expect(await versions()).toContain(blob.versionId);
  expect(told).toEqual([undefined, blob.versionId]);
  expect((await servers.inspect.row(id))?.['blob']?.M).toMatchObject({ versionId: { S: blob.versionId } });
  expect((await (await store.open({ blob })).bytes()).byteLength).toBe(7);
});

it('a put whose answer was lost tells no version: the key is enough, it is never overwritten', async () => {
  servers.faults.push(lostAnswer);
  const { blob } = await store.create(photo(freshKey()));
  expect(blob.versionId).toBeUndefined();
  expect((await (await store.open({ blob })).bytes()).byteLength).toBe(7);
});

it('what came second, and what is retired, is deleted for good', async () => {
  const key = freshKey();
  const { id } = await store.create(photo(key));
  const before = await versions();
  await expect(store.create(photo(key, 'another'))).rejects.toMatchObject({ name: 'KeyReused' });
  expect(servers.sent.slice(-1)).toEqual(['DeleteObject']);
  expect(await versions()).toEqual(before);

  const { blob } = await store.remove({
    scope: 'tenant',
    idempotencyKey: freshKey(),
    id,
    respond: () => null,
  });
  servers.faults.push(passes);
  await store.retire();
  expect(await versions()).toEqual(before.filter((version) => version !== blob?.versionId));
});
