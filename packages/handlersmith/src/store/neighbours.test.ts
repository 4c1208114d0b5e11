/** Stores beside each other: in one bucket, with one table of records. */
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { type Servers, startServers } from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let photos: BlobStore<{ readonly id: string }>;
let scans: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  await servers.inspect.dynamodb.send(
    new CreateTableCommand({
      TableName: 'scans',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  photos = blobStore(servers.options);
  scans = blobStore({ ...servers.options, table: 'scans' });
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

it('I4 the sweep of one leaves the blobs of the other alone, though none of its own rows refers to them', async () => {
  const { blob } = await scans.create(photo(freshKey()));
  await photos.sweep({ grace: 0 });
  expect(await servers.inspect.keys()).toContain(blob.key);
});

it('the prefix is the same for a table by its name and by its ARN', async () => {
  const { blob } = await photos.create(photo(freshKey()));
  const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/photos';
  expect(blobStore({ ...servers.options, table }).rowKeyOf(blob.key)).toEqual(photos.rowKeyOf(blob.key));
});

it('I5 one is not answered with what the other did under the same key', async () => {
  const rows = blobStore({ ...servers.options, rowKey: (id) => ({ id: `row-${id}` }) });
  for (const other of [scans, rows]) {
    const key = freshKey();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await photos.create(photo(key));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await expect(other.create(photo(key))).rejects.toMatchObject({ name: 'KeyReused', statusCode: 422 });
  }
});
