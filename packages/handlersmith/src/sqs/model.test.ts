import { sqsEvent } from '@handlersmith/testing';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { permanent, skipped, sqsHandler, type SqsHandler } from './index.ts';

/** What happens to a message each time it is received, until it is done with. */
type Act = 'return' | 'await' | 'skip' | 'throw' | 'reject' | 'nothing' | 'permanent' | 'malformed';

interface Planned {
  readonly group: string;
  /** All but the last fail; the last one is done, or permanent. */
  readonly acts: readonly Act[];
}

const failing = fc.constantFrom<Act>('throw', 'reject', 'nothing');
const ending = fc.constantFrom<Act>('return', 'await', 'skip', 'permanent', 'malformed');

const planned: fc.Arbitrary<Planned> = fc.record({
  group: fc.constantFrom('a', 'b', 'c', 'd'),
  acts: fc.tuple(fc.array(failing, { maxLength: 3 }), ending).map(([fails, end]) => fails.concat(end)),
});

/** A message as the queue keeps it. */
interface Kept {
  readonly record: SQSRecord;
  receives: number;
}

/**
 * A queue and Lambda's poller: messages are received in their order, a FIFO queue gives none of a group of which a
 * message is under way, and what the answer does not name is deleted.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
async function drain(
  queue: string,
  plans: readonly Planned[],
  batchSize: number,
  handlerOf: (run: (id: number, attempt: number) => unknown) => SqsHandler,
): Promise<{ runs: number[]; finished: number[]; left: number; deliveries: number }> {
  const records = sqsEvent(
    plans.map(({ group, acts }, id) => ({
      body: acts.at(-1) === 'malformed' && acts.length === 1 ? 'no JSON' : { id },
      messageId: `m${id}`,
      groupId: group,
    })),
    { queue },
  ).Records;
  let kept: Kept[] = records.map((record) => ({ record, receives: 0 }));
  const runs: number[] = [];
  const finished: number[] = [];
  const handler = handlerOf(async (id, attempt) => {
    runs.push(id);
    expect(finished).not.toContain(id); // nothing that is done comes again
    const act = plans[id]?.acts[attempt - 1] ?? 'return';
    if (act === 'await') await new Promise(setImmediate);
    // oxlint-disable-next-line only-throw-error -- people do
    if (act === 'nothing') throw undefined;
    if (act === 'throw') throw new Error('no');
    if (act === 'reject') return Promise.reject(new Error('no'));
    finished.push(id);
    if (act === 'permanent' || act === 'malformed') throw permanent('never');
    return act === 'skip' ? skipped('seen') : 'done';
  });

  let deliveries = 0;
  while (kept.length > 0 && deliveries < 1000) {
    deliveries += 1;
    const batch = kept.slice(0, batchSize);
    for (const message of batch) message.receives += 1;
    const event: SQSEvent = {
      Records: batch.map(({ record, receives }) => ({
        ...record,
        attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) },
      })),
    };
    // oxlint-disable-next-line no-await-in-loop -- a queue is drained batch by batch
    const { batchItemFailures } = await handler(event);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    // Lambda takes an answer with an id that was not in the batch for a failure of all of it.
    for (const id of failed) expect(batch.some(({ record }) => record.messageId === id)).toBe(true);
    const gone = new Set(batch.filter(({ record }) => !failed.has(record.messageId)));
    // Failed messages come back behind others in a standard queue, to their place in a FIFO queue.
    const back = kept.filter((message) => !gone.has(message));
    kept = queue.endsWith('.fifo')
      ? back
      : [
          ...back.filter((message) => !batch.includes(message)),
          ...back.filter((message) => batch.includes(message)),
        ];
  }
  return { runs, finished, left: kept.length, deliveries };
}

const dropping =
  (concurrency: number) =>
  (run: (id: number, attempt: number) => unknown): SqsHandler =>
    sqsHandler({ logger: false, concurrency, onPermanent: 'drop' }, ({ message, messageId, attempt }) => {
      expect(message).toEqual({ id: Number(messageId.slice(1)) });
      return run(Number(messageId.slice(1)), attemptsRun(messageId, attempt));
    });

/** A message of a FIFO queue is received without being run when one before it failed: only runs are acted out. */
let counts = new Map<string, number>();
function attemptsRun(id: string, attempt: number): number {
  const ran = (counts.get(id) ?? 0) + 1;
  counts.set(id, ran);
  expect(attempt).toBeGreaterThanOrEqual(ran);
  return ran;
}

const isMalformed = ({ acts }: Planned): boolean => acts.length === 1 && acts[0] === 'malformed';

describe('a queue drained by a handler', () => {
  const cases = [
    fc.array(planned, { maxLength: 30 }),
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: 1, max: 5 }),
  ] as const;

  it('Q1 Q6 standard: nothing done comes again, nothing failed is lost', async () => {
    await fc.assert(
      fc.asyncProperty(...cases, async (plans, batchSize, concurrency) => {
        counts = new Map();
        const { runs, finished, left } = await drain('orders', plans, batchSize, dropping(concurrency));
        expect(left).toBe(0);
        // Each is run until it is done with, and once only then.
        for (const [id, plan] of plans.entries())
          expect(runs.filter((ran) => ran === id)).toHaveLength(isMalformed(plan) ? 0 : plan.acts.length);
        expect(finished).toHaveLength(plans.filter((plan) => !isMalformed(plan)).length);
      }),
    );
  });

  it('Q4 FIFO: each group is done in its order, over all redeliveries', async () => {
    await fc.assert(
      fc.asyncProperty(...cases, async (plans, batchSize, concurrency) => {
        counts = new Map();
        const { finished, runs, left } = await drain('orders.fifo', plans, batchSize, dropping(concurrency));
        expect(left).toBe(0);
        for (const group of ['a', 'b', 'c', 'd']) {
          const expected = plans.flatMap((plan, id) =>
            plan.group === group && !isMalformed(plan) ? [id] : [],
          );
          expect(finished.filter((id) => plans[id]?.group === group)).toEqual(expected);
          // Nothing is even begun before all ahead of it in its group are done with.
          const begun = runs.filter((id) => plans[id]?.group === group);
          expect(begun).toEqual(begun.toSorted((one, other) => one - other));
        }
      }),
    );
  });
});
