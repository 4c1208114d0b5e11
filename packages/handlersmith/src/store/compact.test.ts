import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { lostAnswer, passes, type Servers, startServers } from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let store: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  const { records: _without, ...options } = servers.options;
  store = blobStore({ ...options, compact: true });
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

/** Leaves in the row's place what the sweep leaves there. */
async function fence(id: string, generation: number): Promise<void> {
  await servers.inspect.dynamodb.send(
    new UpdateItemCommand({
      TableName: 'photos',
      Key: { id: { S: id } },
      UpdateExpression: 'SET #write = :write',
      ExpressionAttributeNames: { '#write': 'write' },
      ExpressionAttributeValues: {
        ':write': { M: { state: { S: 'F' }, generation: { N: String(generation) } } },
      },
    }),
  );
}

describe('a compact row', () => {
  it('is its own record: three round trips, no transaction, a replay one', async () => {
    const key = freshKey();
    const first = await store.create(photo(key));
    expect(servers.sent).toEqual(['GetItem', 'PutObject', 'PutItem']);
    servers.reset();
    expect(await store.create(photo(key))).toMatchObject({
      status: 'replayed',
      response: first.response,
      blob: first.blob,
    });
    expect(servers.sent).toEqual(['GetItem']);
    expect(await servers.inspect.records()).toEqual([]);
  });

  it('I6 refuses another request', async () => {
    const key = freshKey();
    await store.create(photo(key));
    await expect(store.create(photo(key, 'another'))).rejects.toMatchObject({ statusCode: 422 });
  });

  it('I2 is written once, however many come at once', async () => {
    const key = freshKey();
    const results = await Promise.all(Array.from({ length: 8 }, () => store.create(photo(key))));
    expect(results.filter(({ status }) => status === 'written')).toHaveLength(1);
  });

  it('does not take the place of a row that is somebody else’s', async () => {
    const key = freshKey();
    const id = servers.inspect.nameOf('tenant', key);
    await servers.inspect.put('photos', { id: { S: id }, title: { S: 'theirs' } });
    await expect(store.create(photo(key))).rejects.toMatchObject({ name: 'RowConflict', statusCode: 409 });
    expect(await servers.inspect.row(id)).toEqual({ id: { S: id }, title: { S: 'theirs' } });
  });

  it('nor that of one that has an attribute of the name of its record', async () => {
    const key = freshKey();
    const id = servers.inspect.nameOf('tenant', key);
    for (const write of [{ state: { S: 'C' } }, { by: { S: 'me' } }]) {
      const row = { id: { S: id }, write: { M: write } };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await servers.inspect.put('photos', row);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await expect(store.create(photo(key))).rejects.toMatchObject({ name: 'RowConflict', statusCode: 409 });
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await servers.inspect.row(id)).toEqual(row);
    }
  });

  it('I5 is no answer to another key, though rowKey gives the same for both', async () => {
    const { records: _without, ...options } = servers.options;
    const id = freshKey();
    const careless = blobStore({ ...options, compact: true, rowKey: () => ({ id }) });
    await careless.create(photo(freshKey()));
    for (const probe of [true, false]) {
      const again = blobStore({ ...options, compact: true, probe, rowKey: () => ({ id }) });
      // oxlint-disable-next-line no-await-in-loop -- with the first look, and without
      await expect(again.create(photo(freshKey()))).rejects.toMatchObject({
        name: 'RowConflict',
        statusCode: 409,
      });
    }
  });

  it('I1 is fenced by the sweep in its own place, and takes that place then', async () => {
    const key = freshKey();
    const id = servers.inspect.nameOf('tenant', key);
    servers.faults.push(passes, passes, async (_name, send) => {
      await fence(id, 1);
      return send();
    });
    const { blob } = await store.create(photo(key));
    expect(blob.key).toMatch(/\/g1\./);
    expect(await servers.inspect.row(id)).toMatchObject({
      title: { S: 'sea' },
      write: { M: { state: { S: 'C' }, generation: { N: '1' } } },
    });
  });

  it('whose commit lost its answer is found to be its own', async () => {
    servers.faults.push(passes, passes, lostAnswer);
    expect((await store.create(photo(freshKey()))).status).toBe('written');
  });
});
