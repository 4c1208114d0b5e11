import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { lostAnswer, notSent, refusedWith, type Servers, startServers } from './servers.fixture.ts';
import { blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

const HOUR_MS = 3_600_000;

let servers: Servers;
let now: number;
beforeEach(async () => {
  servers = await startServers();
  now = 1_800_000_000_000;
});
afterEach(() => servers[Symbol.asyncDispose]());

const storeOf = (more: object = {}) =>
  blobStore({ ...servers.options, now: () => now, limits: { retryDelay: 0, readerGrace: HOUR_MS, ...more } });

/** Creates and removes as many rows. */
async function removed(count: number): Promise<string[]> {
  const store = storeOf();
  const keys: string[] = [];
  for (let index = 0; index < count; index++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { id, blob } = await store.create(photo(freshKey()));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await store.remove({ scope: 'tenant', idempotencyKey: freshKey(), id, respond: () => null });
    keys.push(blob.key);
  }
  servers.reset();
  return keys;
}

const entries = async () =>
  (await servers.inspect.records()).filter(({ pk }) => pk?.S?.startsWith('retire#') === true).length;

describe('the retire worker', () => {
  it.each<[what: object, message: string]>([
    [{ limits: 1 }, 'retire: unknown option "limits". Did you mean "limit"?'],
    [{ limit: 0 }, 'retire: option "limit" must be a whole number, 1 or more, got 0'],
    [{ limit: Number.NaN }, 'retire: option "limit" must be a whole number, 1 or more, got NaN'],
    [{ grace: 1 }, 'retire: unknown option "grace". Known options: limit, signal, remaining, logger'],
  ])('A6 refuses %o', async (options, message) => {
    await expect(storeOf().retire(options)).rejects.toThrow(new TypeError(message));
  });

  it('leaves blobs to their readers until they are done', async () => {
    const [key = ''] = await removed(1);
    expect(await storeOf().retire()).toEqual({ deleted: 0, complete: true });
    now += HOUR_MS;
    expect(await storeOf().retire()).toEqual({ deleted: 0, complete: true });
    now += 1;
    expect(await servers.inspect.keys()).toEqual([key]);
    expect(await storeOf().retire()).toEqual({ deleted: 1, complete: true });
    expect(await servers.inspect.keys()).toEqual([]);
    expect(await entries()).toBe(0);
  });

  it('finds what is due however long nobody looked', async () => {
    await removed(12);
    now += 400 * 24 * HOUR_MS;
    expect(await storeOf().retire()).toEqual({ deleted: 12, complete: true });
    expect(await servers.inspect.keys()).toEqual([]);
  });

  it('stops at its limit, and goes on the next time', async () => {
    await removed(5);
    now += HOUR_MS + 1;
    expect(await storeOf().retire({ limit: 3 })).toEqual({ deleted: 3, complete: false });
    expect(await storeOf().retire()).toEqual({ deleted: 2, complete: true });
  });

  it('A5 stops when time is short, and says so', async () => {
    await removed(5);
    now += HOUR_MS + 1;
    let left = 100;
    const isShort = () => (left -= 5);
    const report = await storeOf().retire({ remaining: isShort });
    expect(report.complete).toBe(false);
    expect(await servers.inspect.keys()).toHaveLength(5 - report.deleted);
    expect((await storeOf().retire()).complete).toBe(true);
    expect(await entries()).toBe(0);
  });

  it('deletes the blob before its entry: wherever it ends, nothing is forgotten', async () => {
    await removed(1);
    now += HOUR_MS + 1;
    const single = storeOf({ attempts: 1 });
    for (const fault of [notSent, lostAnswer]) {
      servers.reset();
      servers.faults.push(
        ...Array.from(
          { length: 18 },
          () => async (name: string, send: () => Promise<unknown>) =>
            name === 'DeleteObject' ? fault(name, send) : send(),
        ),
      );
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await single.retire()).toEqual({ deleted: 0, complete: false });
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await entries()).toBe(1);
    }
    servers.reset();
    expect(await single.retire()).toEqual({ deleted: 1, complete: true });
    expect(await servers.inspect.keys()).toEqual([]);
  });

  it('takes blobs whose key is as long as S3 has them', async () => {
    const store = storeOf();
    const id = 'x'.repeat(658);
    const { blob } = await store.create({ ...photo(freshKey()), id });
    expect(blob.key).toHaveLength(1024);
    await store.remove({ scope: 'tenant', idempotencyKey: freshKey(), id, respond: () => null });
    now += HOUR_MS + 1;
    expect(await store.retire()).toEqual({ deleted: 1, complete: true });
    expect(await servers.inspect.keys()).toEqual([]);
  });

  it('I1 is not told of a blob that the row goes on with: a replacement done again when neither record nor row tell of it', async () => {
    const store = storeOf();
    const { id } = await store.create({ ...photo(freshKey()), id: freshKey() });
    const key = freshKey();
    const { blob } = await store.replace({ ...photo(key, 'another'), id });
    await servers.inspect.forget(servers.inspect.nameOf('tenant', key));
    // A team puts its row again, without what it does not know.
    const { writtenBy: _unknown, ...known } = (await servers.inspect.row(id)) ?? {};
    await servers.inspect.put('photos', known);
    await store.replace({ ...photo(key, 'another'), id });
    now += HOUR_MS + 1;
    await store.retire();
    expect(await servers.inspect.keys()).toEqual([blob.key]);
  });

  it('is not stopped by one that it has no right to delete: it says so when all others are gone', async () => {
    const keys = await removed(3);
    now += HOUR_MS + 1;
    let left = 1;
    servers.faults.push(
      ...Array.from(
        { length: 40 },
        () => async (name: string, send: () => Promise<unknown>) =>
          name === 'DeleteObject' && left-- > 0 ? refusedWith('AccessDenied', 403)(name, send) : send(),
      ),
    );
    await expect(storeOf().retire()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await servers.inspect.keys()).toHaveLength(1);
    expect(keys).toContain((await servers.inspect.keys())[0]);
    expect(await entries()).toBe(1);
  });

  it('may run twice at once', async () => {
    await removed(6);
    now += HOUR_MS + 1;
    const reports = await Promise.all([storeOf().retire(), storeOf().retire()]);
    expect(reports.every(({ complete }) => complete)).toBe(true);
    expect(await servers.inspect.keys()).toEqual([]);
    expect(await entries()).toBe(0);
  });
});
