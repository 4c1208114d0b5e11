/**
 * The batch rows of the report, and their targets.
 *
 * @module
 */
import { batchFields, type BatchJob } from '../batches.ts';
import type { BatchFigures, BatchRow } from '../measure/batches.ts';
import { table } from './table.ts';
import type { Verdict } from './targets.ts';

const NONE = '–';

/**
 * @param figures - of the batch rows
 * @returns sections: title and table
 */
export function batchSections(figures: BatchFigures): (readonly [title: string, text: string])[] {
  return [
    ['SQS, CPU µs per batch', sqsTable(figures)],
    ['1,000 SQS records of JSON, with a schema', jobTable(figures, 'json', 'json-1000')],
    ['1,000 images of a DynamoDB stream', jobTable(figures, 'images', 'images-1000')],
    ['Replay of a result kept in memory, CPU µs', replayTable(figures)],
  ];
}

function sqsTable({ warm, heap }: BatchFigures): string {
  const rows = batchFields.sqs.candidates
    .filter(({ name }) => warm['sqs-1000'][name])
    .map(({ name, title }) =>
      [title].concat(
        (['sqs-10', 'sqs-1000', 'sqs-10000'] as const).flatMap((row) => [
          micros(warm[row][name]?.micros.median),
          times(warm[row][name]?.ratio.median),
        ]),
        bytes(heap['sqs-1000']?.[name]),
        bytes(heap['sqs-10000']?.[name]),
      ),
    );
  const head = ['candidate', '10', '', '1,000', '', '10,000', '', 'bytes a record, 1,000', '10,000'];
  return table(head, rows);
}

function jobTable({ warm, heap }: BatchFigures, job: BatchJob, row: BatchRow): string {
  const perRecord = heap[row];
  const rows = batchFields[job].candidates
    .filter(({ name }) => warm[row][name])
    .map(({ name, title }) => {
      const { micros: own, ratio } = warm[row][name] ?? {};
      const cells = [
        title,
        micros(own?.median),
        times(ratio?.median),
        `± ${ratio?.deviation.toFixed(2) ?? NONE}`,
      ];
      return perRecord ? cells.concat(bytes(perRecord[name])) : cells;
    });
  const head = ['candidate', 'µs', 'ratio', ''];
  return table(perRecord ? head.concat('bytes a record') : head, rows);
}

/** No ratio: the bare call takes next to nothing. */
function replayTable({ warm }: BatchFigures): string {
  const rows = batchFields.replay.candidates
    .filter(({ name }) => warm.replay[name])
    .map(({ name, title }) => [title, micros(warm.replay[name]?.micros.median)]);
  return table(['candidate', 'µs'], rows);
}

/**
 * Holds the batch rows against the targets.
 *
 * @param figures - of the batch rows
 * @returns a verdict per target that this run can judge
 */
export function* batchVerdicts({ warm, heap }: BatchFigures): Generator<Verdict> {
  const ratio = (row: BatchRow, name: string): number | undefined => warm[row][name]?.ratio.median;
  yield* atMost('SQS, 10 records: ≤ 4 × the bare loop', 4, ratio('sqs-10', 'sqs-ours'), times);
  yield* atMost('SQS, 1,000 records: ≤ 1.1 × the bare loop', 1.1, ratio('sqs-1000', 'sqs-ours'), times);
  yield* atMost('SQS, 10,000 records: ≤ 1.1 × the bare loop', 1.1, ratio('sqs-10000', 'sqs-ours'), times);
  const growth = over(heap['sqs-10000']?.['sqs-ours'], heap['sqs-1000']?.['sqs-ours']);
  yield* atMost('SQS, heap a record of 10,000: ≤ 1.1 × that of 1,000', 1.1, growth, times);
  yield* atMost(
    '1,000 records, JSON and zod: ≤ 1.7 × JSON.parse',
    1.7,
    ratio('json-1000', 'json-ours'),
    times,
  );
  yield* atMost('images: ≤ 0.2 of the SDK’s time', 0.2, ratio('images-1000', 'images-ours'), times);
  const garbage = over(heap['images-1000']?.['images-ours'], heap['images-1000']?.['images-sdk']);
  yield* atMost('images: ≤ 0.15 of the SDK’s garbage', 0.15, garbage, times);
  const replay = warm.replay['replay-ours']?.micros.median;
  const own = replay === undefined ? undefined : replay - (warm.replay['replay-bare']?.micros.median ?? 0);
  yield* atMost(
    'idempotent replay: ≤ 10 µs above the bare call',
    10,
    own,
    (value) => `${value.toFixed(1)} µs`,
  );
}

function* atMost(
  target: string,
  limit: number,
  value: number | undefined,
  show: (value: number) => string,
): Generator<Verdict> {
  if (value !== undefined) yield { target, figure: show(value), met: value <= limit };
}

const micros = (value: number | undefined): string => value?.toFixed(value < 100 ? 1 : 0) ?? NONE;

const bytes = (value: number | undefined): string => value?.toFixed(0) ?? NONE;

const times = (value: number | undefined): string => (value === undefined ? NONE : `${value.toFixed(2)} ×`);

function over(value: number | undefined, divisor: number | undefined): number | undefined {
  return value === undefined || divisor === undefined ? undefined : value / divisor;
}
