/** What every store of turns promises, asked of each of them: in memory, and in a real DynamoDB table. */
import { setTimeout as wait } from 'node:timers/promises';

import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { dynamoStore } from './dynamo.ts';
import { IdempotencyStoreFailed } from './errors.ts';
import { memoryStore } from './memory.ts';
import { type OrderedCall, type OrderedStore, orderedStore, type Turn } from './order.ts';
import { type RealTable, startTable } from './table.fixture.ts';

let table: RealTable;
let composite: RealTable;

beforeAll(async () => {
  [table, composite] = await Promise.all([startTable(), startTable('key')]);
}, 60_000);

afterAll(async () => {
  await Promise.all([table[Symbol.asyncDispose](), composite[Symbol.asyncDispose]()]);
});

const request = { lease: 30_000, ttl: 60 };
const LATER = 60;

const tokenOf = (turn: Turn): string => (turn.kind === 'begun' ? turn.token : `not begun: ${turn.kind}`);

const callFor = (thing: string, position: string): Omit<OrderedCall<unknown>, 'run'> => ({
  ...request,
  operation: 'test',
  key: [thing],
  position,
  wait: 60_000,
  signal: new AbortController().signal,
  warn: () => {},
});

const failing = (): never => {
  throw new Error('its own');
};

describe.each<[name: string, make: () => OrderedStore, runs: number]>([
  ['memoryStore', () => memoryStore(), 15],
  ['dynamoStore', () => dynamoStore({ tableName: table.tableName, client: table.client }), 8],
  [
    'dynamoStore in a table with a sort key',
    () =>
      dynamoStore({
        tableName: composite.tableName,
        client: composite.client,
        sortKeyAttribute: 'key',
        partition: 'ours',
      }),
    3,
  ],
])('%s', (_, make, runs) => {
  let store: OrderedStore;
  let keys = 0;
  let key: string;
  beforeAll(() => {
    store = make();
  });
  beforeEach(() => {
    key = `thing-${(keys += 1)}`;
  });

  const handled = async (position: string): Promise<void> => {
    const token = tokenOf(await store.begin(key, position, request));
    expect(await store.finish(key, token, position, LATER)).toBe(true);
  };

  it('S3 lets nothing older begin after what is newer, nor the same again', async () => {
    await handled('05');
    expect(await store.begin(key, '04', request)).toEqual({ kind: 'outdated' });
    expect(await store.begin(key, '05', request)).toEqual({ kind: 'done' });
    await handled('0501');
    expect(await store.begin(key, '0500', request)).toEqual({ kind: 'outdated' });
  });

  it('S3 gives the turn to one of many that want it at once', async () => {
    const turns = await Promise.all(
      Array.from({ length: 20 }, (__, index) => store.begin(key, String(index + 10), request)),
    );
    expect(turns.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(turns.filter(({ kind }) => kind === 'busy')).toHaveLength(19);
  });

  it('S3 has the older and the newer wait for each other', async () => {
    await store.begin(key, '05', { ...request, lease: 10_000 });
    for (const turn of [await store.begin(key, '04', request), await store.begin(key, '06', request)]) {
      expect(turn.kind).toBe('busy');
      const { retryAfter } = turn as Extract<Turn, { kind: 'busy' }>;
      expect(retryAfter).toBeGreaterThan(5_000);
      expect(retryAfter).toBeLessThanOrEqual(10_000);
    }
  });

  it('S3 gives the turn back without a mark when the work failed', async () => {
    const token = tokenOf(await store.begin(key, '05', request));
    await store.abandon(key, token);
    await handled('04');
    expect(await store.begin(key, '05', request)).toMatchObject({ kind: 'begun' });
  });

  it('S3 keeps the mark when a newer one fails after it', async () => {
    await handled('05');
    await store.abandon(key, tokenOf(await store.begin(key, '06', request)));
    expect(await store.begin(key, '05', request)).toEqual({ kind: 'done' });
    expect(await store.begin(key, '04', request)).toEqual({ kind: 'outdated' });
  });

  it('S3 lets the same event take its turn again after a crash, before the lease ends', async () => {
    const crashed = tokenOf(await store.begin(key, '05', request));
    const token = tokenOf(await store.begin(key, '05', request));
    expect(token).not.toBe(crashed);
    await store.abandon(key, crashed); // is no longer its to give
    expect(await store.begin(key, '06', request)).toMatchObject({ kind: 'busy' });
    expect(await store.finish(key, token, '05', LATER)).toBe(true);
    await handled('06');
  });

  it('S3 gives the turn of a crashed owner to others when its lease has ended', async () => {
    const late = tokenOf(await store.begin(key, '05', { ...request, lease: 20 }));
    await wait(40);
    const next = tokenOf(await store.begin(key, '04', request));
    // It was alive after all: what it did is marked, and the other keeps its turn.
    expect(await store.finish(key, late, '05', LATER)).toBe(true);
    expect(await store.begin(key, '06', request)).toMatchObject({ kind: 'busy' });
    // The other is told that it came after something newer, and leaves the turn.
    expect(await store.finish(key, next, '04', LATER)).toBe(false);
    expect(await store.begin(key, '05', request)).toEqual({ kind: 'done' });
    await handled('06');
  });

  it('S3 never lowers a mark', async () => {
    const late = tokenOf(await store.begin(key, '05', { ...request, lease: 20 }));
    await wait(40);
    await handled('06');
    expect(await store.finish(key, late, '05', LATER)).toBe(false);
    expect(await store.begin(key, '05', request)).toEqual({ kind: 'outdated' });
  });

  it('S3 takes a mark twice, as after an answer that got lost', async () => {
    const token = tokenOf(await store.begin(key, '05', request));
    expect(await store.finish(key, token, '05', LATER)).toBe(true);
    expect(await store.finish(key, token, '05', LATER)).toBe(true);
    await handled('06');
  });

  it('S3 two deliveries of one event that run at once leave the turn free', async () => {
    const [one, other] = [await store.begin(key, '05', request), await store.begin(key, '05', request)];
    expect(await store.finish(key, tokenOf(one), '05', LATER)).toBe(true);
    expect(await store.finish(key, tokenOf(other), '05', LATER)).toBe(true);
    await handled('06');
  });

  it('S3 in any interleaving of deliveries, the last one run is the newest, and none runs beside another', async () => {
    const position = fc.constantFrom('01', '02', '03', '0301', '04');
    const deliveries = fc.array(fc.record({ position, fails: fc.boolean() }), { minLength: 2, maxLength: 5 });
    let things = 0;
    await fc.assert(
      fc.asyncProperty(deliveries, async (delivered) => {
        const thing = `any-${(things += 1)}`;
        const running = new Set<string>();
        const beside: string[] = [];
        const finished: string[] = [];
        await Promise.allSettled(
          delivered.map(({ position: at, fails }) =>
            store.inOrder({
              ...callFor(thing, at),
              run: async () => {
                beside.push(...[...running].filter((other) => other !== at)); // it may run beside itself
                running.add(at);
                await wait(1);
                running.delete(at);
                if (fails) throw new Error('as it happens');
                finished.push(at);
              },
            }),
          ),
        );
        expect(beside).toEqual([]);
        const newest = delivered
          .filter(({ fails }) => !fails)
          .map(({ position: at }) => at)
          .toSorted()
          .at(-1);
        expect(finished.at(-1)).toBe(newest);
        expect(finished).toEqual(finished.toSorted());
      }),
      { numRuns: runs },
    );
  });
});

describe('work in order', () => {
  const warn = vi.fn<OrderedCall<unknown>['warn']>();
  const ended = new AbortController();
  ended.abort(new Error('the time is up'));
  const call = (rest: Partial<OrderedCall<string>>): OrderedCall<string> => ({
    ...request,
    operation: 'test',
    key: ['thing'],
    position: '05',
    wait: 0,
    signal: new AbortController().signal,
    run: () => 'done',
    warn,
    ...rest,
  });

  it('S3 gives up waiting when asked to', async () => {
    const store = memoryStore();
    const first = store.inOrder(call({ run: () => wait(200, 'first') }));
    const started = performance.now();
    expect(await store.inOrder(call({ position: '06', wait: 100 }))).toMatchObject({ kind: 'busy' });
    expect(performance.now() - started).toBeGreaterThan(90);
    expect(performance.now() - started).toBeLessThan(190);
    expect(await first).toEqual({ kind: 'executed', value: 'first' });
  });

  it('S3 goes on as soon as the turn is free', async () => {
    const store = memoryStore();
    const first = store.inOrder(call({ run: () => wait(100, 'first') }));
    expect(await store.inOrder(call({ position: '06', wait: 5_000 }))).toMatchObject({ kind: 'executed' });
    expect(await store.inOrder(call({ position: '05' }))).toEqual({ kind: 'outdated' });
    await first;
  });

  it('A3 starts nothing once the time is up, neither after the turn came nor after the wait', async () => {
    const store = memoryStore();
    const run = vi.fn<() => string>();
    await expect(store.inOrder(call({ signal: ended.signal, run }))).rejects.toThrow('the time is up');
    expect(await store.inOrder(call({ position: '04' }))).toMatchObject({ kind: 'executed' });

    const controller = new AbortController();
    const first = store.inOrder(call({ position: '05', run: () => wait(100, 'first') }));
    const second = store.inOrder(call({ position: '06', wait: 5_000, signal: controller.signal, run }));
    controller.abort(new Error('the time is up'));
    await expect(second).rejects.toThrow('the time is up');
    await first;
    expect(run).not.toHaveBeenCalled();
  });

  it('O5 runs nothing when the store cannot be asked', async () => {
    const store = memoryStore();
    const broken = { ...store, begin: () => Promise.reject(new Error('no route')) };
    const run = vi.fn<() => string>();
    const outcome = await orderedStore(broken).inOrder(call({ run }));
    expect(outcome).toMatchObject({ kind: 'unreachable', error: expect.any(IdempotencyStoreFailed) });
    expect(run).not.toHaveBeenCalled();
  });

  it('S3 fails work that cannot be marked: what is older could run after it', async () => {
    const store = orderedStore({ ...memoryStore(), finish: () => Promise.reject(new Error('no route')) });
    await expect(store.inOrder(call({}))).rejects.toThrow('has to come again');
  });

  it("S3 tells the work's own error when the turn cannot be given back", async () => {
    const store = orderedStore({ ...memoryStore(), abandon: () => Promise.reject(new Error('no route')) });
    await expect(store.inOrder(call({ run: failing }))).rejects.toThrow('its own');
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('could not be given back'), {
      error: expect.any(Error),
    });
  });
});
