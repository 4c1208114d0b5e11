import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Servers, startServers } from './servers.fixture.ts';
import { blobStore } from './store.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => {
  servers.sent.length = 0;
});

let count = 0;
const fresh = (): string => `key-${++count}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function photo(idempotencyKey: string | undefined, body = 'a photo') {
  return {
    scope: 'tenant',
    idempotencyKey,
    body: bytes(body),
    contentType: 'image/jpeg',
    row: (blob: { size: number }) => ({ size: blob.size, title: 'sea' }),
    respond: ({ id, size }: { id: string; size: number }) => ({ id, size }),
  };
}

describe('round trips', () => {
  it('a write makes three, its replay one', async () => {
    const store = blobStore(servers.options);
    const key = fresh();
    const first = await store.create(photo(key));
    expect(first.status).toBe('written');
    expect(servers.sent).toEqual(['GetItem', 'PutObject', 'TransactWriteItems']);

    servers.sent.length = 0;
    const second = await store.create(photo(key));
    expect(second).toEqual({ ...first, status: 'replayed', headers: { 'idempotency-replayed': 'true' } });
    expect(servers.sent).toEqual(['GetItem']);
  });

  it('a write without the first look makes two', async () => {
    const store = blobStore({ ...servers.options, probe: false });
    expect((await store.create(photo(fresh()))).status).toBe('written');
    expect(servers.sent).toEqual(['PutObject', 'TransactWriteItems']);
  });
});
