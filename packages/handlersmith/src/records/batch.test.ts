import { captureLogs, lambdaContext } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { buildTrigger } from '../handler/trigger.ts';
import { type Batch, runBatch } from './batch.ts';
import { Discarded, permanent, Postponed, skipped } from './outcome.ts';

type Work = (view: Parameters<Batch<unknown>['run']>[1]) => unknown;

/** A function whose event is the list of its records' work. */
function batchOf(
  concurrency = 1,
  reserve = 0,
): (works: Record<string, Work>, timeout?: number) => Promise<unknown> {
  const serve = buildTrigger(
    { service: 'shop' },
    {
      name: 'test',
      correlationId: () => undefined,
      serve: (invocation) =>
        runBatch(invocation, {
          records: Object.entries(invocation.event as Record<string, Work>), // as the test gives it
          order: 'free',
          concurrency,
          reserve,
          describe: ([id]) => ({ record_id: id, attempt: 1 }),
          run: ([, work], view) => work(view),
        }),
    },
  );
  return (works, timeout = 3000) => serve(works, lambdaContext({ timeout }));
}

describe('runBatch', () => {
  it('Q10 logs each failed record once, with its id, and closes with a summary', async () => {
    const { lines } = await captureLogs(() =>
      batchOf()({
        one: () => {},
        two: () => Promise.reject(new Error('the shop is closed')),
        three: () => {
          throw permanent('sold out');
        },
        four: () => skipped('seen before'),
        five: () => {
          // oxlint-disable-next-line only-throw-error -- people do
          throw undefined;
        },
      }),
    );
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        message: 'record failed',
        record_id: 'two',
        attempt: 1,
        permanent: false,
        error: { message: 'the shop is closed' },
      },
      {
        level: 'ERROR',
        message: 'record failed',
        record_id: 'three',
        permanent: true,
        error: { message: 'sold out' },
      },
      { level: 'INFO', message: 'record skipped', record_id: 'four', reason: 'seen before' },
      { level: 'ERROR', message: 'record failed', record_id: 'five', error: { thrown: 'undefined' } },
      {
        level: 'WARN',
        message: 'batch finished with failures',
        records: 5,
        done: 1,
        failed: 3,
        skipped: 1,
        unstarted: 0,
      },
    ]);
  });

  it('O1 puts the record on its own lines and on no other', async () => {
    const { lines } = await captureLogs(() =>
      batchOf(2)({
        one: async ({ logger }) => {
          logger.appendKeys({ mine: 1 });
          await new Promise(setImmediate);
          logger.info('late');
        },
        two: ({ logger }) => logger.info('early'),
      }),
    );
    expect(lines).toMatchObject([
      { message: 'early', record_id: 'two' },
      { message: 'late', record_id: 'one', mine: 1 },
      { message: 'batch finished', done: 2 },
    ]);
    expect(lines[0]).not.toHaveProperty('mine');
    expect(lines[2]).not.toHaveProperty('record_id');
  });

  it('Q6 answers in time: what hangs has failed, what never began is unstarted', async () => {
    const { result, lines } = await captureLogs(() =>
      batchOf()({ hangs: () => new Promise(() => {}), waits: () => {} }, 300),
    );
    expect(result).toMatchObject([
      { status: 'retry', error: { name: 'DeadlineReached' } },
      { status: 'unstarted' },
    ]);
    expect(lines.at(-1)).toMatchObject({ failed: 1, unstarted: 1 });
  });

  it('A3 stops records through their signal', async () => {
    const { result } = await captureLogs(() =>
      batchOf()(
        {
          stops: ({ signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('stopped')));
            }),
        },
        300,
      ),
    );
    expect(result).toMatchObject([{ status: 'retry', error: { message: 'stopped' } }]);
  });

  it('Q7 takes whatever is thrown for one failed record', async () => {
    const { result, lines } = await captureLogs(() =>
      batchOf()({
        bare: () => {
          throw Object.create(null);
        },
        next: () => {},
      }),
    );
    expect(result).toMatchObject([{ status: 'retry' }, { status: 'done' }]);
    expect(lines).toMatchObject([{ record_id: 'bare', error: { thrown: 'a value of type object' } }, {}]);
  });

  it('Q10 says what was done about a record that always fails, and what is to come again', async () => {
    const { lines } = await captureLogs(() =>
      batchOf()({
        one: () => new Discarded(new Error('sold out'), 'dropped'),
        two: () => new Postponed('later'),
      }),
    );
    expect(lines).toMatchObject([
      {
        level: 'ERROR',
        message: 'record failed',
        record_id: 'one',
        permanent: true,
        handling: 'dropped',
        error: { message: 'sold out' },
      },
      { level: 'INFO', message: 'record postponed', record_id: 'two', reason: 'later' },
      { level: 'WARN', discarded: 1, postponed: 1, failed: 0, done: 0 },
    ]);
  });

  describe('a reserve', () => {
    it('Q6 stops records early and lets what follows go on until the deadline', async () => {
      const seen: number[] = [];
      const started = performance.now();
      const { result } = await captureLogs(() =>
        batchOf(1, 200)(
          {
            sends: async ({ signal, remaining }) => {
              seen.push(remaining());
              await new Promise((resolve) => signal.addEventListener('abort', resolve));
              seen.push(remaining(), performance.now() - started);
              await new Promise((resolve) => setTimeout(resolve, 100));
            },
            waits: () => {},
          },
          1000,
        ),
      );
      expect(result).toMatchObject([{ status: 'done' }, { status: 'unstarted' }]);
      // 1000 ms, less the margin of 200 and the reserve of 200.
      expect(seen[0]).toBeGreaterThan(550);
      expect(seen[0]).toBeLessThanOrEqual(600);
      expect(seen[1]).toBeLessThan(20);
      expect(seen[2]).toBeLessThan(650);
    });

    it('Q6 ends before the deadline all the same', async () => {
      const started = performance.now();
      const { result } = await captureLogs(() =>
        batchOf(1, 200)({ hangs: () => new Promise(() => {}) }, 600),
      );
      expect(result).toMatchObject([{ status: 'retry', error: { name: 'DeadlineReached' } }]);
      expect(performance.now() - started).toBeLessThan(500);
    });

    it('A4 is nothing without a timeout to know of', async () => {
      const seen: unknown[] = [];
      await captureLogs(() => batchOf(1, 200)({ one: ({ remaining }) => seen.push(remaining()) }, Infinity));
      expect(seen).toEqual([Infinity]);
    });
  });
});
