import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { BlobEvent } from './events.ts';
import {
  type Fault,
  lostAnswer,
  notSent,
  type Servers,
  serviceError,
  startServers,
} from './servers.fixture.ts';
import { blobStore, type BlobStore } from './store.ts';
import { bytesOf, freshKey, photo } from './write.fixture.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2027-03-10T12:00:00Z');

let servers: Servers;
let now: number;
let events: BlobEvent[];
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => {
  now = NOON;
  events = [];
  servers.reset();
});
afterEach(async () => {
  servers.reset();
  const { s3 } = servers.inspect;
  const Bucket = servers.options.bucket;
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
    // oxlint-disable-next-line no-await-in-loop -- few
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
});

const storeOf = (more: object = {}): BlobStore<{ readonly id: string }> =>
  blobStore({
    ...servers.options,
    now: () => now,
    hooks: { onEvent: (event) => events.push(event) },
    limits: { retryDelay: 0, attempts: 1, readerGrace: 0 },
    ...more,
  });

/** A fault for the first request that comes of these names. */
function faulty(names: string | readonly string[], fault: Fault): void {
  let left = 1;
  servers.faults.push(
    ...Array.from(
      { length: 200 },
      (): Fault => async (sent, send) => (names.includes(sent) && left-- > 0 ? fault(sent, send) : send()),
    ),
  );
}

/** Stages a blob and ends before anything is committed. */
async function orphan(key = freshKey(), body = 'an orphan', store = storeOf()): Promise<string> {
  const before = new Set(await servers.inspect.keys());
  faulty(['TransactWriteItems', 'PutItem'], notSent);
  await expect(store.create(photo(key, body))).rejects.toMatchObject({ name: 'OutcomeUnknown' });
  servers.reset();
  return (await servers.inspect.keys()).find((one) => !before.has(one)) ?? '';
}

const staged = async (day: string): Promise<string> => {
  now = Date.parse(`${day}T12:00:00Z`);
  return orphan();
};

const several = async (): Promise<void> => {
  for (const day of ['2027-03-01', '2027-03-02']) {
    now = Date.parse(`${day}T12:00:00Z`);
    for (let index = 0; index < 5; index++)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await orphan();
  }
  now = NOON;
};

const compact = (): BlobStore<{ readonly id: string }> => {
  const { records: _none, ...options } = servers.options;
  return blobStore({
    ...options,
    compact: true,
    prefix: 'compact/',
    hooks: { onEvent: (event) => events.push(event) },
    limits: { retryDelay: 0, attempts: 1 },
  });
};

const counts = { listed: 0, live: 0, orphans: 0, kept: 0, fenced: 0, deleted: 0 };

describe('a sweep', () => {
  it('I4 deletes what no row refers to, and nothing else', async () => {
    const store = storeOf();
    const { blob } = await store.create(photo(freshKey()));
    const key = await orphan();
    const { Bucket, Key } = { Bucket: servers.options.bucket, Key: 'blobs/photos/2027-03-10/notes.txt' };
    await servers.inspect.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'by hand' }));

    expect(await store.sweep({ grace: 0 })).toEqual({
      ...counts,
      days: ['2027-03-10'],
      listed: 3,
      live: 1,
      orphans: 1,
      kept: 1,
      fenced: 1,
      deleted: 1,
      complete: true,
      next: undefined,
    });
    expect(await servers.inspect.keys()).toEqual([blob.key, Key].toSorted());
    expect(events.filter(({ type }) => type === 'orphanSwept')).toEqual([
      { type: 'orphanSwept', blobKey: key },
    ]);
  });

  it('I4 deletes what another attempt, of a day ago, has left of a write that was done', async () => {
    const key = freshKey();
    await orphan(key);
    now += DAY_MS;
    const { blob } = await storeOf().create(photo(key, 'an orphan'));
    expect(await storeOf().sweep({ grace: 0 })).toMatchObject({ live: 1, fenced: 0, deleted: 1 });
    expect(await servers.inspect.keys()).toEqual([blob.key]);
  });

  it('A11 the row decides: a retired blob that came back goes, though its record names it', async () => {
    const store = storeOf();
    const key = freshKey();
    const { id, blob } = await store.create(photo(key));
    await store.remove({ scope: 'tenant', idempotencyKey: freshKey(), id, respond: () => null });
    now += 1;
    await store.retire();
    await servers.inspect.s3.send(
      new PutObjectCommand({ Bucket: blob.bucket, Key: blob.key, Body: bytesOf('a photo') }),
    );
    expect(await store.sweep({ grace: 0 })).toMatchObject({ live: 0, fenced: 0, deleted: 1 });
    expect(await servers.inspect.keys()).toEqual([]);
    expect((await store.create(photo(key))).status).toBe('replayed');
  });

  it('I1 a writer it was faster than stages again, and commits that', async () => {
    const store = storeOf();
    let swept: string[] = [];
    faulty('TransactWriteItems', async (_name, send) => {
      swept = await servers.inspect.keys();
      expect(await store.sweep({ grace: 0 })).toMatchObject({ fenced: 1, deleted: 1 });
      return send();
    });
    const { id, blob, status } = await store.create(photo(freshKey()));
    expect(status).toBe('written');
    expect(swept).not.toContain(blob.key);
    expect(await servers.inspect.keys()).toEqual([blob.key]);
    expect((await servers.inspect.row(id))?.['blob']?.M?.['key']).toEqual({ S: blob.key });
    expect(events.map(({ type }) => type)).toEqual(['orphanSwept', 'fenced']);
    expect(await store.sweep({ grace: 0 })).toMatchObject({ live: 1, deleted: 0 });
  });

  it('A10 what is committed between the first look at the row and the fence stays', async () => {
    const store = storeOf();
    const key = freshKey();
    await orphan(key, 'a photo');
    faulty('UpdateItem', async (_name, send) => {
      await store.create(photo(key));
      return send();
    });
    expect(await store.sweep({ grace: 0 })).toMatchObject({ live: 1, orphans: 0, fenced: 0, deleted: 0 });
    expect(await servers.inspect.keys()).toHaveLength(1);
  });

  it('A10 the record of what was committed in between may have expired: the row is looked at again', async () => {
    const store = storeOf();
    const key = freshKey();
    await orphan(key, 'a photo');
    faulty('UpdateItem', async (_name, send) => {
      await store.create(photo(key));
      await servers.inspect.forget(servers.inspect.nameOf('tenant', key));
      return send();
    });
    expect(await store.sweep({ grace: 0 })).toMatchObject({ live: 1, fenced: 1, deleted: 0 });
    expect(await servers.inspect.keys()).toHaveLength(1);
  });

  it('a fence takes no record back to a lower generation', async () => {
    const key = freshKey();
    await orphan(key);
    await servers.inspect.fence(servers.inspect.nameOf('tenant', key), 7);
    expect(await storeOf().sweep({ grace: 0 })).toMatchObject({ fenced: 0, deleted: 1 });
    const record = (await servers.inspect.records()).find(
      ({ pk }) => pk?.S === `write#${servers.inspect.nameOf('tenant', key)}`,
    );
    expect(record?.['generation']).toEqual({ N: '7' });
  });

  it('a dry run counts, and does nothing', async () => {
    await orphan();
    servers.reset();
    expect(await storeOf().sweep({ grace: 0, dryRun: true })).toMatchObject({
      listed: 1,
      orphans: 1,
      fenced: 0,
      deleted: 0,
      complete: true,
    });
    expect(servers.sent).toEqual(['ListObjectVersions', 'ListObjectVersions', 'GetItem']);
    expect(await servers.inspect.keys()).toHaveLength(1);
  });

  it.each(['ListObjectVersions', 'GetItem', 'UpdateItem', 'DeleteObject'])(
    'ends anywhere, and another goes on: %s',
    async (name) => {
      const live = (await storeOf().create(photo(freshKey()))).blob.key;
      for (const fault of [notSent, lostAnswer]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await orphan();
        faulty(name, fault);
        const warned: unknown[] = [];
        const logger = { info: () => {}, warn: (...line: unknown[]) => warned.push(line) };
        // oxlint-disable-next-line no-await-in-loop -- as above
        expect(await storeOf().sweep({ grace: 0, logger })).toMatchObject({ complete: false });
        expect(warned).toHaveLength(1);
        servers.reset();
        // oxlint-disable-next-line no-await-in-loop -- as above
        expect((await storeOf().sweep({ grace: 0 })).complete).toBe(true);
        // oxlint-disable-next-line no-await-in-loop -- as above
        expect(await servers.inspect.keys()).toEqual([live]);
      }
    },
  );

  it('is not stopped by a blob whose row no table takes: it is kept, and told of', async () => {
    const odd = blobStore<{ readonly id: number }>({
      ...servers.options,
      now: () => now,
      rowKey: () => ({ id: 7 }),
    });
    await expect(odd.create({ ...photo(freshKey()), respond: () => 1 })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
    const [kept] = await servers.inspect.keys();
    await orphan();
    const warned: unknown[] = [];
    const logger = { info: () => {}, warn: (...line: unknown[]) => warned.push(line) };
    expect(await storeOf().sweep({ grace: 0, logger })).toMatchObject({
      listed: 2,
      kept: 1,
      deleted: 1,
      complete: true,
    });
    expect(warned).toMatchObject([[expect.stringContaining('kept'), { name: 'ValidationException' }]]);
    expect(await servers.inspect.keys()).toEqual([kept]);
  });

  it('says what it has no right to', async () => {
    await orphan();
    faulty('DeleteObject', () => Promise.reject(serviceError('AccessDenied', 403)));
    await expect(storeOf().sweep({ grace: 0 })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('A3 leaves nothing running when one of many fails', async () => {
    for (let index = 0; index < 8; index++)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await orphan();
    let running = 0;
    servers.faults.push(
      ...Array.from({ length: 60 }, (): Fault => async (name, send) => {
        if (name === 'DeleteObject') throw serviceError('AccessDenied', 403);
        running += 1;
        return send().finally(() => (running -= 1));
      }),
    );
    await expect(storeOf().sweep({ grace: 0 })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(running).toBe(0);
  });

  it('may run twice at once, beside writers', async () => {
    const keys = Array.from({ length: 6 }, () => freshKey());
    for (const key of keys)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await orphan(key, 'a photo');
    const store = storeOf({ limits: { retryDelay: 1 } });
    const results = await Promise.all([
      store.sweep({ grace: 0 }),
      ...keys.map((key) => store.create(photo(key))),
      store.sweep({ grace: 0, concurrency: 2 }),
    ]);
    expect(results).toHaveLength(8);
    await store.sweep({ grace: 0 });
    const referred = new Set((await servers.inspect.rows()).map(({ blob }) => blob?.M?.['key']?.S));
    expect((await servers.inspect.keys()).every((key) => referred.has(key))).toBe(true);
    expect(await servers.inspect.keys()).toHaveLength(6);
  });
});

describe('days', () => {
  it('a day is looked at when it has been over for a day, and a week after its end', async () => {
    await staged('2027-03-10');
    const days: string[] = [];
    for (let hours = 0; hours < 12 * 24; hours += 24) {
      now = NOON + hours * 3_600_000;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const report = await storeOf().sweep({ dryRun: true });
      if (report.days.length > 0) days.push(new Date(now).toISOString().slice(0, 10));
    }
    // It ended with the 10th: 24 hours later the 12th begins, a week later the 18th.
    expect(days).toEqual(['2027-03-12', '2027-03-18']);
  });

  it('all days are looked at when asked, but for those in the grace period', async () => {
    await staged('2027-01-01');
    await staged('2027-03-08');
    await staged('2027-03-09');
    now = NOON;
    expect((await storeOf().sweep({ days: 'all', dryRun: true })).days).toEqual(['2027-01-01', '2027-03-08']);
    expect((await storeOf().sweep({ days: 'all', grace: 3_600_000, dryRun: true })).days).toEqual([
      '2027-01-01',
      '2027-03-08',
      '2027-03-09',
    ]);
    expect((await storeOf().sweep({ day: '2027-03-08' })).deleted).toBe(1);
    await expect(storeOf().sweep({ day: '2027-03-09' })).rejects.toThrow(RangeError);
    expect(await servers.inspect.keys()).toHaveLength(2);
  });

  it('with a grace of 0 also those a clock that is ahead has named', async () => {
    await staged('2027-03-11');
    now = NOON;
    expect((await storeOf().sweep({ grace: 0 })).days).toEqual(['2027-03-11']);
  });
});

describe('a sweep that ends before its end', () => {
  it('goes on at its next, and meets each blob once', async () => {
    await several();
    let next: string | undefined;
    const listed: number[] = [];
    do {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const report = await storeOf().sweep({
        days: 'all',
        limit: 3,
        concurrency: 2,
        dryRun: true,
        ...(next === undefined ? {} : { next }),
      });
      listed.push(report.listed);
      next = report.next;
      expect(report.complete).toBe(next === undefined);
    } while (next !== undefined);
    expect(listed).toEqual([3, 3, 3, 1]);
  });

  it('A5 stops when time is short, and says where', async () => {
    await several();
    let left = 100;
    const report = await storeOf().sweep({ days: 'all', concurrency: 1, remaining: () => (left -= 5) });
    expect(report).toMatchObject({ complete: false, next: expect.any(String) });
    expect(report.deleted).toBeGreaterThan(0);
    const rest = await storeOf().sweep(report.next === undefined ? {} : { next: report.next });
    expect(rest.complete).toBe(true);
    expect(await servers.inspect.keys()).toEqual([]);
  });

  it('A5 stops when its signal says so', async () => {
    await several();
    const report = await storeOf().sweep({ days: 'all', signal: AbortSignal.abort(new Error('over')) });
    expect(report).toMatchObject({ complete: false, listed: 0, days: [] });
  });

  it('is gone on with by whoever asks to resume', async () => {
    await several();
    const store = storeOf({ prefix: 'resumed/' });
    for (let index = 0; index < 5; index++)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await orphan(freshKey(), 'an orphan', store);
    now += 2 * DAY_MS;
    const first = await store.sweep({ resume: true, limit: 2 });
    expect(first).toMatchObject({ deleted: 2, complete: false });
    const second = await store.sweep({ resume: true });
    expect(second).toMatchObject({ deleted: 3, complete: true });
    expect(await store.sweep({ resume: true })).toMatchObject({ days: [], complete: true });
  });

  it('A5 has not begun when there is no time to look where the last one ended', async () => {
    await orphan();
    const warned: unknown[] = [];
    const logger = { info: () => {}, warn: (...line: unknown[]) => warned.push(line) };
    const report = await storeOf().sweep({ grace: 0, resume: true, remaining: () => 0, logger });
    expect(report).toEqual({ ...counts, days: [], complete: false, next: undefined });
    expect(warned).toHaveLength(1);
  });

  it('has time to tell where it ended', async () => {
    const store = storeOf({ prefix: 'told/' });
    for (let index = 0; index < 8; index++)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await orphan(freshKey(), 'an orphan', store);
    now += 2 * DAY_MS;
    let left = 600;
    const first = await store.sweep({ resume: true, concurrency: 1, remaining: () => (left -= 4) });
    expect(first.complete).toBe(false);
    const second = await store.sweep({ resume: true, concurrency: 1 });
    expect(second.listed).toBeLessThan(8);
    expect(second.complete).toBe(true);
    expect((await servers.inspect.keys()).filter((key) => key.startsWith('told/'))).toEqual([]);
  });

  it('who resumes begins with all that became due since the last time', async () => {
    const store = storeOf({ prefix: 'missed/' });
    await orphan(freshKey(), 'an orphan', store);
    await store.sweep({ resume: true });
    now += 5 * DAY_MS;
    expect((await store.sweep({ resume: true })).deleted).toBe(1);
  });
});

describe('versions', () => {
  it('all of them go, markers too, and those of rows stay', async () => {
    await using own = await startServers();
    const Bucket = own.options.bucket;
    await own.inspect.s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const store = blobStore({ ...own.options, limits: { retryDelay: 0, attempts: 1 } });
    const { blob } = await store.create(photo(freshKey()));
    own.faults.push(
      (_name, send) => send(),
      (_name, send) => send(),
      notSent,
    );
    await expect(store.create(photo(freshKey(), 'an orphan'))).rejects.toThrow('not known to be done');
    const Key = (await own.inspect.keys()).find((key) => key !== blob.key);
    await own.inspect.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'again' }));
    await own.inspect.s3.send(new DeleteObjectCommand({ Bucket, Key })); // hidden by a marker

    expect(await store.sweep({ grace: 0 })).toMatchObject({ listed: 2, live: 1, deleted: 1 });
    const { Versions = [], DeleteMarkers = [] } = await own.inspect.s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual([blob.versionId]);
    expect(DeleteMarkers).toEqual([]);
  });
});

describe('a compact store', () => {
  it('is fenced in its rows', async () => {
    const key = freshKey();
    await orphan(key, 'a photo', compact());
    expect(await compact().sweep({ grace: 0 })).toMatchObject({ fenced: 1, deleted: 1 });
    expect(await compact().sweep({ grace: 0 })).toMatchObject({ listed: 0 });
    const { blob, status } = await compact().create(photo(key));
    expect(status).toBe('written');
    expect(blob.key).toContain('/g1.');
    expect(await compact().sweep({ grace: 0, resume: true })).toMatchObject({ live: 1, deleted: 0 });
  });

  it('A3 a writer that was fenced meanwhile stages again', async () => {
    faulty('PutItem', async (_name, send) => {
      await compact().sweep({ grace: 0 });
      return send();
    });
    const { blob } = await compact().create(photo(freshKey()));
    expect(blob.key).toContain('/g1.');
    expect(await servers.inspect.keys()).toEqual([blob.key]);
  });
});

describe('options of a sweep', () => {
  it.each([
    [{ grace: -1 }, 'option "grace" must be a number of milliseconds'],
    [{ dry: true }, 'unknown option "dry"'],
    [{ limit: 0 }, 'option "limit" must be a whole number, 1 or more'],
    [{ day: 'yesterday' }, 'option "day" must be a day, yyyy-mm-dd'],
    [{ day: '2027-13-01' }, 'option "day" must be a day, yyyy-mm-dd'],
    [{ day: '2027-01-01', days: 'all' }, '"day" and "days" contradict each other'],
    [{ resume: true, next: 'x' }, '"resume" and "next" contradict each other'],
    [{ next: 'nonsense' }, 'option "next" must be the next of a report'],
    [{ next: Buffer.from('["a","b"]').toString('base64url') }, 'option "next" must be the next of a report'],
    [{ next: Buffer.from('[]').toString('base64url') }, 'option "next" must be the next of a report'],
  ])('A6 %j is refused', async (options, message) => {
    await expect(storeOf().sweep(options as never)).rejects.toThrow(message);
    expect(servers.sent).toEqual([]);
  });
});
