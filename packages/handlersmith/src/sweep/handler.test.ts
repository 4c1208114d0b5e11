import { captureLogs, invoke, lambdaContext, scheduledEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { notSent, refusedWith, type Servers, startServers } from '../store/servers.fixture.ts';
import { blobStore } from '../store/store.ts';
import { freshKey, photo } from '../store/write.fixture.ts';
import { sweepHandler } from './handler.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

const event = scheduledEvent({ time: new Date('2026-11-01T02:00:00Z') });

it('C2 sweeps and retires, and tells what it did', async () => {
  const store = blobStore({
    ...servers.options,
    now: () => Date.now() - 3 * 86_400_000,
    limits: { retryDelay: 0, attempts: 1, readerGrace: 0 },
  });
  const { id } = await store.create(photo(freshKey()));
  await store.remove({ scope: 'tenant', idempotencyKey: freshKey(), id, respond: () => null });
  servers.faults.push(
    (_name, send) => send(),
    (_name, send) => send(),
    notSent,
  );
  await expect(store.create(photo(freshKey(), 'an orphan'))).rejects.toThrow('not known to be done');
  expect(await servers.inspect.keys()).toHaveLength(2);

  const today = blobStore(servers.options);
  const { lines } = await captureLogs(() =>
    invoke(sweepHandler(today, { schedule: 'sweep', concurrency: 2 }), event, lambdaContext()),
  );
  expect(lines).toMatchObject([
    { message: 'A blob without a row was deleted', event: 'orphanSwept' },
    {
      message: 'swept',
      schedule: 'sweep',
      retired: { deleted: 1, complete: true },
      swept: { listed: 1, deleted: 1, complete: true },
    },
    { message: 'slot done' },
  ]);
  expect(await servers.inspect.keys()).toEqual([]);
});

it('C2 sweeps also when a retired blob is refused, and fails then', async () => {
  const store = blobStore({
    ...servers.options,
    now: () => Date.now() - 3 * 86_400_000,
    limits: { retryDelay: 0, readerGrace: 0 },
  });
  const { id } = await store.create(photo(freshKey()));
  await store.remove({ scope: 'tenant', idempotencyKey: freshKey(), id, respond: () => null });
  servers.faults.push(
    ...Array.from(
      { length: 20 },
      () => (name: string, send: () => Promise<unknown>) =>
        name === 'DeleteObject' ? refusedWith('AccessDenied', 403)(name, send) : send(),
    ),
  );
  const { lines } = await captureLogs(() =>
    expect(invoke(sweepHandler(blobStore(servers.options)), event, lambdaContext())).rejects.toMatchObject({
      name: 'AccessDenied',
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'swept', swept: expect.objectContaining({ complete: true }) }),
  );
});

it('A5 what there is no time for is left to the next run', async () => {
  const store = blobStore(servers.options);
  const { lines } = await captureLogs(() =>
    invoke(sweepHandler(store), event, lambdaContext({ timeout: 650 })),
  );
  expect(lines).toContainEqual(expect.objectContaining({ message: 'swept' }));
  expect(lines.find(({ message }) => message === 'swept')).toMatchObject({ swept: { complete: false } });
});

it('a compact store has nothing to retire', async () => {
  const { records: _none, ...options } = servers.options;
  const store = blobStore({ ...options, compact: true, prefix: 'compact/' });
  const { lines } = await captureLogs(() => invoke(sweepHandler(store), event, lambdaContext()));
  expect(lines[0]).toMatchObject({ message: 'swept', swept: { complete: true } });
});

it('A6 refuses wrong options when it is built', () => {
  const store = blobStore(servers.options);
  expect(() => sweepHandler(store, { shedule: 'x' } as object)).toThrow('unknown option "shedule"');
});
