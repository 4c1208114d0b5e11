import { describe, expect, it } from 'vitest';

import { type Order, schedule } from './index.ts';

const ordered: readonly Order[] = ['group', 'sequence'];

/** Notes who starts; each record goes on until it is told to. */
function held(): {
  started: string[];
  run: (record: string) => Promise<void>;
  finish: (record: string) => Promise<void>;
} {
  const started: string[] = [];
  const open = new Map<string, () => void>();
  return {
    started,
    run: (record) =>
      new Promise((resolve) => {
        started.push(record);
        open.set(record, resolve);
      }),
    finish: async (record) => {
      open.get(record)?.();
      await new Promise(setImmediate);
    },
  };
}

const keyOf = (record: string): string => record.charAt(0);

describe.each(ordered)('the order %s', (order) => {
  it('Q5 runs as many at a time as concurrency says, and no more', async () => {
    const { started, run, finish } = held();
    const all = schedule({ records: ['a1', 'b1', 'c1', 'd1'], run, order, keyOf, concurrency: 2 });
    expect(started).toEqual(['a1', 'b1']);
    await finish('b1');
    expect(started).toEqual(['a1', 'b1', 'c1']);
    await finish('a1');
    await finish('c1');
    await finish('d1');
    expect((await all).map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('Q6 those that run when time is up have failed, those that wait behind them never began', async () => {
    const controller = new AbortController();
    const reason = new Error('out of time');
    const all = schedule({
      records: ['a1', 'a2', 'b1', 'c1'],
      run: (record) => (record === 'b1' ? undefined : new Promise(() => {})),
      order,
      keyOf,
      concurrency: 2,
      signal: controller.signal,
      grace: 1,
    });
    controller.abort(reason);
    expect(await all).toEqual([
      { status: 'retry', error: reason },
      { status: 'unstarted' },
      { status: 'done', result: undefined },
      { status: 'retry', error: reason },
    ]);
  });

  it('Q6 starts nothing once the signal has aborted, though what ran settles in time', async () => {
    const controller = new AbortController();
    const { started, run, finish } = held();
    const { signal } = controller;
    const all = schedule({ records: ['a1', 'a2', 'b1'], run, order, keyOf, concurrency: 1, signal });
    controller.abort(new Error('out of time'));
    await finish('a1');
    expect((await all).map(({ status }) => status)).toEqual(['done', 'unstarted', 'unstarted']);
    expect(started).toEqual(['a1']);
    const before = schedule({ records: ['a1'], run, order, keyOf, concurrency: 1, signal });
    expect(await before).toEqual([{ status: 'unstarted' }]);
  });

  it('runs records without a key beside all others, also where nobody gives keys', async () => {
    const { started, run, finish } = held();
    const all = schedule({ records: ['a1', 'a2'], run, order, concurrency: 2 });
    expect(started).toEqual(['a1', 'a2']);
    await finish('a1');
    await finish('a2');
    expect(await all).toHaveLength(2);
  });
});
