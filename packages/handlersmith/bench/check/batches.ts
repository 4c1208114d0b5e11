/**
 * Proof that a candidate of the batch rows does its job, before anything is timed.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';

import { type BatchField, batchFields, type BatchJob } from '../batches.ts';
import type { Candidate } from '../candidates.ts';
import { lambdaEnvironment } from '../job/lambda.ts';

/** What each job has to give for its check: the failed ones by their ids and nothing else, the whole images, one charge. */
const expected: Readonly<Record<BatchJob, unknown>> = {
  sqs: failures(2, 6),
  json: failures(1, 3, 6),
  images: { images: [orderOf(0), orderOf(1), orderOf(2)] },
  replay: { order: 'order-1', amount: 12.5, charges: 1 },
};

/** Those that check less than the job asks, so that others can be held against the least there is. */
const excused: Readonly<Record<string, unknown>> = {
  'json-loop': failures(3, 6),
};

/**
 * Lets a candidate answer the check of its job, twice.
 *
 * @param job - what it is to do
 * @param candidate - who
 * @param bundle - absolute path of its bundle
 * @param child - absolute path of the bundled `check/batch-child.ts`
 * @returns what is wrong, in words; empty when all is right
 */
export function wrongBatchAnswers(
  job: BatchJob,
  candidate: Candidate,
  bundle: string,
  child: string,
): string[] {
  const { check }: BatchField = batchFields[job];
  const { status, stderr, output } = spawnSync(process.execPath, [child, bundle, check], {
    env: lambdaEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (status !== 0) return [`crashed: ${stderr.trim()}`];
  // The child wrote them; a broken child shows as a parse error here.
  const [first, second] = JSON.parse(output[3] ?? '') as [unknown, unknown];
  const wanted = excused[candidate.name] ?? expected[job];
  // The bare call has no memory: it charges again, which is what a replay must not do.
  const answers = candidate.name === 'replay-bare' ? [first] : [first, second];
  return answers
    .filter((answer) => !isDeepStrictEqual(answer, wanted))
    .map((answer) => `${check}: got ${JSON.stringify(answer)}, expected ${JSON.stringify(wanted)}`);
}

function failures(...indexes: readonly number[]): unknown {
  return {
    batchItemFailures: indexes.map((index) => ({
      itemIdentifier: `059f36b4-87a3-44ab-83d2-${String(index).padStart(12, '0')}`,
    })),
  };
}

/** The plain order behind an image. */
function orderOf(index: number): unknown {
  return {
    pk: `ORDER#${index}`,
    sk: 'META',
    customer: `customer-${index}`,
    total: 129.95,
    version: index,
    paid: true,
    note: null,
    tags: ['express', 'fragile'],
    address: { street: '12 Main Street', city: 'Springfield', zip: '12345' },
    lines: [
      { sku: 'sku-1', quantity: 2, price: 49.99, gift: false },
      { sku: 'sku-2', quantity: 2, price: 29.97, gift: false },
    ],
  };
}
