/**
 * The batch rows: records of SQS, images of a stream, replays.
 *
 * @module
 */
import { type BatchField, batchFields, type BatchJob, idle } from '../batches.ts';
import type { Bundle } from '../build/bundle.ts';
import type { Candidate } from '../candidates.ts';
import { type BatchScenario, recordsIn } from '../job/batches.ts';
import { progress } from '../report/progress.ts';
import { heapBytes } from './heap.ts';
import { type Contestant, measureWarm, type Warm } from './warm.ts';

/** The warm rows: which job is measured on which events. */
const rows = {
  'sqs-10': 'sqs',
  'sqs-1000': 'sqs',
  'sqs-10000': 'sqs',
  'json-1000': 'json',
  'images-1000': 'images',
  replay: 'replay',
} as const satisfies Partial<Record<BatchScenario, BatchJob>>;

/** A warm row of the batches. */
export type BatchRow = keyof typeof rows;

/** The rows whose garbage is counted. */
const counted = ['sqs-1000', 'sqs-10000', 'images-1000'] as const satisfies readonly BatchRow[];

/** Every figure of the batch rows. */
export interface BatchFigures {
  readonly warm: Readonly<Record<BatchRow, Readonly<Record<string, Warm>>>>;
  /** Heap bytes per record, the empty handler's taken off. */
  readonly heap: Readonly<Partial<Record<BatchRow, Readonly<Record<string, number>>>>>;
}

/** Records until a row is warm: of long batches fewer do. */
const WARM_UP_RECORDS = 1_000_000;

/** Records in a heap sample: their garbage must fit into the young generation, or some is collected uncounted. */
const HEAP_RECORDS = 20_000;

/**
 * Measures.
 *
 * @param jobs - who takes part in which job
 * @param files - the bundled worker, the bundles by name
 * @param quick - whether few rounds will do
 * @returns the figures
 * @throws when a candidate crashes
 */
export async function measureBatches(
  jobs: Readonly<Record<BatchJob, readonly Candidate[]>>,
  files: { readonly worker: string; readonly bundles: Readonly<Record<string, Bundle>> },
  quick: boolean,
): Promise<BatchFigures> {
  const { worker, bundles } = files;
  const contestants = (job: BatchJob): Contestant[] => {
    const { base }: BatchField = batchFields[job];
    return [idle, ...jobs[job]].map(({ name }) => ({ name, bundle: bundles[name]?.file ?? '', base }));
  };
  const warm: Partial<Record<BatchRow, Record<string, Warm>>> = {};
  for (const [row, job] of Object.entries(rows) as [BatchRow, BatchJob][]) {
    progress(`warm, ${row}`);
    // oxlint-disable-next-line no-await-in-loop -- two at a time would share the machine
    warm[row] = await measureWarm(contestants(job), {
      worker,
      scenario: row,
      rounds: quick ? 25 : 80,
      batchMs: 6,
      warmUpInvocations: Math.ceil(WARM_UP_RECORDS / recordsIn(row)),
      warmUpMs: quick ? 1000 : 4000,
      warmUpBatch: Math.max(1, Math.min(50, 2000 / recordsIn(row))),
    });
  }
  progress('heap of batches');
  const heap: Partial<Record<BatchRow, Record<string, number>>> = {};
  for (const row of counted) {
    // oxlint-disable-next-line no-await-in-loop -- as many processes at a time as a row has candidates
    heap[row] = await heapPerRecord(row, contestants(rows[row]), worker);
  }
  return { warm: warm as BatchFigures['warm'], heap }; // a row each, by the loop above
}

async function heapPerRecord(
  row: BatchRow,
  contestants: readonly Contestant[],
  worker: string,
): Promise<Record<string, number>> {
  const invocations = Math.ceil(HEAP_RECORDS / recordsIn(row));
  const bytes = await Promise.all(
    contestants.map(
      async ({ name, bundle }) => [name, await heapBytes({ worker, bundle }, row, invocations)] as const,
    ),
  );
  const [[, none] = ['', 0], ...others] = bytes;
  return Object.fromEntries(others.map(([name, own]) => [name, (own - none) / recordsIn(row)]));
}
