import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Order, type Outcome, schedule } from './index.ts';
import { permanent, skipped } from './outcome.ts';

/** What a record does when it is run. */
type Behaviour =
  | { kind: 'return' | 'skip' | 'throw' | 'throwUndefined' | 'throwPermanent' }
  | { kind: 'resolve' | 'reject' | 'rejectUndefined'; turns: number }
  | { kind: 'hang' };

interface Planned {
  key: string | undefined;
  does: Behaviour;
}

const settling: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({ kind: fc.constantFrom('return', 'skip', 'throw', 'throwUndefined', 'throwPermanent') }),
  fc.record({
    kind: fc.constantFrom('resolve', 'reject', 'rejectUndefined'),
    turns: fc.integer({ min: 0, max: 5 }),
  }),
);
const planOf = (behaviour: fc.Arbitrary<Behaviour>): fc.Arbitrary<Planned[]> =>
  fc.array(
    fc.record({ key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }), does: behaviour }),
    { maxLength: 40 },
  );
const orders = fc.constantFrom<Order>('free', 'group', 'sequence');

async function turn(turns: number): Promise<void> {
  for (let index = 0; index < turns; index++) await Promise.resolve(); // oxlint-disable-line no-await-in-loop -- turns are what is counted
}

function perform(does: Behaviour): unknown {
  switch (does.kind) {
    case 'return':
      return 'value';
    case 'skip':
      return skipped('nothing to do');
    case 'throw':
      throw new Error('thrown');
    case 'throwUndefined':
      // oxlint-disable-next-line only-throw-error -- people do
      throw undefined;
    case 'throwPermanent':
      throw permanent('never');
    case 'resolve':
      return turn(does.turns).then(() => 'value');
    case 'reject':
      return turn(does.turns).then(() => Promise.reject(new Error('rejected')));
    case 'rejectUndefined':
      // oxlint-disable-next-line prefer-promise-reject-errors -- people do
      return turn(does.turns).then(() => Promise.reject());
    case 'hang':
      return new Promise(() => {});
    default:
      throw new Error('every kind has its case');
  }
}

const failing = new Set(['throw', 'throwUndefined', 'throwPermanent', 'reject', 'rejectUndefined']);
const fails = (planned: Planned | undefined): boolean =>
  planned !== undefined && failing.has(planned.does.kind);

/** Everything that can be seen from outside. */
interface Watched {
  outcomes: readonly Outcome[];
  log: { what: 'start' | 'end' | 'told'; index: number }[];
  most: number;
}

async function watch(
  plan: Planned[],
  order: Order,
  concurrency: number,
  signal?: AbortSignal,
): Promise<Watched> {
  const log: Watched['log'] = [];
  let running = 0;
  let most = 0;
  const outcomes = await schedule({
    records: plan,
    order,
    concurrency,
    grace: 5,
    keyOf: (record) => record.key,
    onOutcome: (_outcome, index) => log.push({ what: 'told', index }),
    ...(signal === undefined ? {} : { signal }),
    run: (record, index) => {
      log.push({ what: 'start', index });
      most = Math.max(most, ++running);
      const end = (): void => {
        running--;
        log.push({ what: 'end', index });
      };
      try {
        const result = perform(record.does);
        if (!(result instanceof Promise)) {
          end();
          return result;
        }
        return result.finally(end);
      } catch (error) {
        end();
        throw error;
      }
    },
  });
  return { outcomes, log, most };
}

describe('schedule', () => {
  it('gives each record exactly one outcome, and the right one', async () => {
    await fc.assert(
      fc.asyncProperty(
        planOf(settling),
        orders,
        fc.integer({ min: 1, max: 8 }),
        async (plan, order, concurrency) => {
          const { outcomes, log } = await watch(plan, order, concurrency);
          expect(outcomes).toHaveLength(plan.length);
          const started = new Set(log.filter(({ what }) => what === 'start').map(({ index }) => index));
          expect(log.filter(({ what }) => what === 'start')).toHaveLength(started.size);
          const expected = plan.map(({ does }, index) => {
            if (!started.has(index)) return 'unstarted';
            if (does.kind === 'throwPermanent') return 'permanent';
            if (failing.has(does.kind)) return 'retry';
            return does.kind === 'skip' ? 'skipped' : 'done';
          });
          expect(outcomes.map(({ status }) => status)).toEqual(expected);
        },
      ),
    );
  });

  it('never runs more than the bound, and as many as it allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 40 }),
        async (concurrency, count) => {
          const plan = Array.from({ length: count }, (): Planned => ({
            key: undefined,
            does: { kind: 'resolve', turns: 3 },
          }));
          const { most } = await watch(plan, 'free', concurrency);
          expect(most).toBe(Math.min(concurrency, count));
        },
      ),
    );
  });

  it('has settled everything that was started when it resolves', async () => {
    await fc.assert(
      fc.asyncProperty(
        planOf(settling),
        orders,
        fc.integer({ min: 1, max: 8 }),
        async (plan, order, concurrency) => {
          const { log } = await watch(plan, order, concurrency);
          const count = (kind: 'start' | 'end'): number => log.filter(({ what }) => what === kind).length;
          expect(count('end')).toBe(count('start'));
        },
      ),
    );
  });

  it('runs everything in free order, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(planOf(settling), fc.integer({ min: 1, max: 8 }), async (plan, concurrency) => {
        const { outcomes } = await watch(plan, 'free', concurrency);
        expect(outcomes.some(({ status }) => status === 'unstarted')).toBe(false);
      }),
    );
  });

  it('runs the records of a key one after the other, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        planOf(settling),
        fc.constantFrom<Order>('group', 'sequence'),
        fc.integer({ min: 1, max: 8 }),
        async (plan, order, concurrency) => {
          const { log } = await watch(plan, order, concurrency);
          for (const key of ['a', 'b', 'c']) {
            const mine = log.filter(({ what, index }) => what !== 'told' && plan[index]?.key === key);
            const expected = mine
              .filter(({ what }) => what === 'start')
              .map(({ index }) => index)
              .toSorted((one, other) => one - other)
              .flatMap((index) => [
                { what: 'start', index },
                { what: 'end', index },
              ]);
            expect(mine).toEqual(expected);
          }
        },
      ),
    );
  });

  it('group: after a failure the rest of the key is not run; all else is', async () => {
    await fc.assert(
      fc.asyncProperty(planOf(settling), fc.integer({ min: 1, max: 8 }), async (plan, concurrency) => {
        const { outcomes } = await watch(plan, 'group', concurrency);
        for (const [index, planned] of plan.entries()) {
          const stopped =
            planned.key !== undefined &&
            plan.slice(0, index).some((before) => before.key === planned.key && fails(before));
          expect(outcomes[index]?.status === 'unstarted').toBe(stopped);
        }
      }),
    );
  });

  it('sequence: everything before the lowest failure is run, and nothing later is started once it is known', async () => {
    await fc.assert(
      fc.asyncProperty(planOf(settling), fc.integer({ min: 1, max: 8 }), async (plan, concurrency) => {
        const { outcomes, log } = await watch(plan, 'sequence', concurrency);
        const lowest = outcomes.findIndex(({ status }) => status === 'retry' || status === 'permanent');
        const checkpoint = outcomes.findIndex(({ status }) => status !== 'done' && status !== 'skipped');
        expect(checkpoint).toBe(lowest); // what is before it is finished: the stream may go on from there
        let lowestTold = Infinity;
        const tooLate: number[] = [];
        for (const { what, index } of log) {
          if (what === 'start' && index > lowestTold) tooLate.push(index);
          if (what === 'told' && fails(plan[index]) && outcomes[index]?.status !== 'unstarted') {
            lowestTold = Math.min(lowestTold, index);
          }
        }
        expect(tooLate).toEqual([]);
      }),
    );
  });

  it('sequence with one key is strict order: it stops at the first failure', async () => {
    const plan = ['return', 'resolve', 'throw', 'return'].map((kind): Planned => ({
      key: 'shard',
      does: { kind, turns: 1 } as Behaviour,
    }));
    const { outcomes, log } = await watch(plan, 'sequence', 8);
    expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done', 'retry', 'unstarted']);
    expect(log.filter(({ what }) => what === 'start')).toHaveLength(3);
  });

  it('starts no record once the signal has aborted; those that hang fail with its reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        planOf(fc.oneof(settling, fc.constant<Behaviour>({ kind: 'hang' }))),
        orders,
        fc.integer({ min: 1, max: 4 }),
        async (plan, order, concurrency) => {
          const controller = new AbortController();
          const reason = new Error('out of time');
          const watched = watch(plan, order, concurrency, controller.signal);
          await turn(40);
          controller.abort(reason);
          const { outcomes } = await watched;
          expect(outcomes).toHaveLength(plan.length);
          const hung = outcomes.filter((_outcome, index) => plan[index]?.does.kind === 'hang');
          expect(hung.filter(({ status }) => status !== 'unstarted')).toEqual(
            hung.filter(({ status }) => status === 'retry').map(() => ({ status: 'retry', error: reason })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('starts nothing when the signal had aborted before', async () => {
    const { outcomes, log } = await watch(
      [{ key: undefined, does: { kind: 'return' } }],
      'free',
      1,
      AbortSignal.abort(),
    );
    expect(outcomes).toEqual([{ status: 'unstarted' }]);
    expect(log).toEqual([{ what: 'told', index: 0 }]);
  });

  it('keeps the error or the result of each record', async () => {
    const error = new Error('mine');
    const outcomes = await schedule({
      records: [1, 2],
      concurrency: 2,
      order: 'free',
      run: (record) => (record === 1 ? { record } : Promise.reject(error)),
    });
    expect(outcomes).toEqual([
      { status: 'done', result: { record: 1 } },
      { status: 'retry', error },
    ]);
  });

  it('tells each outcome as it comes', async () => {
    const heard: [number, string][] = [];
    await schedule({
      records: [3, 1, 0],
      concurrency: 3,
      order: 'free',
      run: turn,
      onOutcome: ({ status }, index) => heard.push([index, status]),
    });
    expect(heard).toEqual([
      [2, 'done'],
      [1, 'done'],
      [0, 'done'],
    ]);
  });

  it('does not recurse: 100,000 synchronous records of one key', async () => {
    const outcomes = await schedule({
      records: Array.from({ length: 100_000 }),
      concurrency: 10,
      order: 'sequence',
      keyOf: () => 'one',
      run: () => {},
    });
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
  });

  it.each([0, -1, 1.5, NaN])('refuses a concurrency of %s', (concurrency) => {
    expect(() => schedule({ records: [], run: () => {}, concurrency, order: 'free' })).toThrow('concurrency');
  });
});
