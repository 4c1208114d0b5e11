import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { lostAnswer, notSent, passes, refusedWith, type Servers, startServers } from './servers.fixture.ts';
import { blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let now: number;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => {
  servers.reset();
  now = 1_800_000_000_000;
});

const storeOf = () => blobStore({ ...servers.options, now: () => now, lease: { for: 3000 } });

describe('a lease', () => {
  it('turns the second away while the first is at work, and says when to come back', async () => {
    const key = freshKey();
    servers.faults.push(passes, async (_name, send) => {
      await expect(storeOf().create(photo(key))).rejects.toMatchObject({
        name: 'InProgress',
        statusCode: 409,
        retryAfter: 3,
      });
      return send();
    });
    expect((await storeOf().create(photo(key))).status).toBe('written');
    expect(servers.sent).toEqual(['UpdateItem', 'PutObject', 'UpdateItem', 'TransactWriteItems']);
  });

  it('is the first look: three round trips, a replay one', async () => {
    const key = freshKey();
    await storeOf().create(photo(key));
    expect(servers.sent).toEqual(['UpdateItem', 'PutObject', 'TransactWriteItems']);
    servers.reset();
    expect(await storeOf().create(photo(key))).toMatchObject({ status: 'replayed', response: { size: 7 } });
    expect(servers.sent).toEqual(['UpdateItem']);
  });

  it('ends by itself when its holder has crashed, whose late commit then loses', async () => {
    const key = freshKey();
    servers.faults.push(passes, passes, async (_name, send) => {
      now += 3001;
      expect((await storeOf().create(photo(key))).status).toBe('written');
      return send();
    });
    expect(await storeOf().create(photo(key))).toMatchObject({ status: 'replayed' });
  });

  it('is taken by who took it, when the first answer was lost', async () => {
    servers.faults.push(lostAnswer);
    expect((await storeOf().create(photo(freshKey()))).status).toBe('written');
  });

  it('is given back after a failure: the retry need not wait', async () => {
    const key = freshKey();
    servers.faults.push(passes, notSent, notSent, notSent);
    await expect(storeOf().create(photo(key))).rejects.toMatchObject({ name: 'OutcomeUnknown', step: 'W2' });
    expect((await storeOf().create(photo(key))).status).toBe('written');
  });

  it('is given back when the deadline ends the attempt', async () => {
    const key = freshKey();
    const controller = new AbortController();
    servers.faults.push(passes, (name, send) => {
      controller.abort();
      return notSent(name, send);
    });
    const { signal } = controller;
    await expect(storeOf().create({ ...photo(key), signal })).rejects.toMatchObject({ step: 'W2' });
    expect((await storeOf().create(photo(key))).status).toBe('written');
  });

  it('is given back where the row answers for a record that has expired', async () => {
    const key = freshKey();
    await storeOf().create(photo(key));
    await servers.inspect.forget(servers.inspect.nameOf('tenant', key));
    expect((await storeOf().create(photo(key))).status).toBe('replayed');
    expect((await storeOf().create(photo(key))).status).toBe('replayed');
  });

  it('that cannot be given back keeps its failure', async () => {
    servers.faults.push(passes, refusedWith('AccessDenied', 403), notSent);
    await expect(storeOf().create(photo(freshKey()))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('keeps the generation, and does not hold up the sweep', async () => {
    const key = freshKey();
    const name = servers.inspect.nameOf('tenant', key);
    await servers.inspect.fence(name, 4);
    expect((await storeOf().create(photo(key))).blob.key).toMatch(/\/g4\./);
    const fenced = freshKey();
    servers.faults.push(passes, passes, async (_name, send) => {
      await servers.inspect.fence(servers.inspect.nameOf('tenant', fenced), 1);
      return send();
    });
    expect((await storeOf().create(photo(fenced))).blob.key).toMatch(/\/g1\./);
  });
});
