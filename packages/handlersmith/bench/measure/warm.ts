/**
 * What one more invocation costs once everything is warm: CPU time, candidates interleaved, ratios taken round by round.
 *
 * @module
 */
import type { AnyScenario } from '../job/scenario.ts';
import { median, shuffled, spread, type Spread } from '../statistics.ts';
import { startWorker, type Worker } from './process.ts';

/** Invocations per request while nothing is timed yet, unless a row says otherwise. */
const WARM_UP_BATCH = 50;

/** Who is measured, and against whom. */
export interface Contestant {
  readonly name: string;
  /** Absolute path of its bundle. */
  readonly bundle: string;
  /** The name of the contestant it is held against. */
  readonly base: string;
}

export interface WarmSettings {
  /** Absolute path of the bundled worker. */
  readonly worker: string;
  readonly scenario: AnyScenario;
  /** Batches per candidate. */
  readonly rounds: number;
  /** CPU time of one batch, in ms. */
  readonly batchMs: number;
  /** Invocations before the first batch counts: enough for the optimising compiler to be done. */
  readonly warmUpInvocations: number;
  /** CPU time after which a slow candidate stops warming up all the same, in ms. */
  readonly warmUpMs: number;
  /** Invocations per request while nothing is timed yet; default 50. */
  readonly warmUpBatch?: number;
}

/** What came out for one contestant. */
export interface Warm {
  /** CPU µs per invocation, the empty handler taken off. */
  readonly micros: Spread;
  /** The same as a multiple of its base in the same round. */
  readonly ratio: Spread;
  /** Log lines per invocation. */
  readonly lines: number;
}

interface Running {
  readonly contestant: Contestant;
  readonly worker: Worker;
  /** Per batch. */
  invocations: number;
  readonly cpu: number[];
  lines: number;
}

/**
 * Measures all contestants in one go.
 *
 * @param contestants - one of them named `empty`, which every other is measured above
 * @param settings - how long
 * @returns results by name, `empty` left out
 * @throws when a contestant crashes, or a base is missing
 */
export async function measureWarm(
  contestants: readonly Contestant[],
  settings: WarmSettings,
): Promise<Record<string, Warm>> {
  const warmedUp = await Promise.allSettled(contestants.map((one) => warmUp(one, settings)));
  const running = warmedUp.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  try {
    for (const outcome of warmedUp) if (outcome.status === 'rejected') throw outcome.reason;
    await runRounds(running, settings);
    return results(running);
  } finally {
    for (const { worker } of running) worker.stop();
  }
}

/** Nothing is timed yet, so all candidates warm up at once. */
async function warmUp(contestant: Contestant, settings: WarmSettings): Promise<Running> {
  const { name } = contestant;
  const { scenario, warmUpInvocations, warmUpMs, warmUpBatch = WARM_UP_BATCH } = settings;
  const worker = await startWorker({ worker: settings.worker, bundle: contestant.bundle }, scenario);
  if ((scenario === 'valid' || scenario === 'large') && name !== 'empty' && worker.status !== 201) {
    worker.stop();
    throw new Error(`${name} answers ${worker.status} to the ${scenario} event`);
  }
  let invocations = 0;
  let spentMs = 0;
  while (invocations < warmUpInvocations && spentMs < warmUpMs) {
    // oxlint-disable-next-line no-await-in-loop -- one candidate takes one event at a time
    const { cpuMicros } = await worker.ask({ kind: 'time', invocations: warmUpBatch });
    invocations += warmUpBatch;
    spentMs += (cpuMicros * warmUpBatch) / 1000;
  }
  return { contestant, worker, invocations: 1, cpu: [], lines: 0 };
}

async function runRounds(
  running: readonly Running[],
  { batchMs, rounds, warmUpBatch = WARM_UP_BATCH }: WarmSettings,
): Promise<void> {
  for (const one of running) {
    // oxlint-disable-next-line no-await-in-loop -- two at a time would share the machine
    const { cpuMicros } = await one.worker.ask({ kind: 'time', invocations: warmUpBatch });
    one.invocations = Math.max(1, Math.round((batchMs * 1000) / cpuMicros));
  }
  for (let round = 0; round < rounds; round++) {
    for (const one of shuffled(running)) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { cpuMicros, lines } = await one.worker.ask({ kind: 'time', invocations: one.invocations });
      one.cpu.push(cpuMicros);
      one.lines = lines / one.invocations;
    }
  }
}

function results(running: readonly Running[]): Record<string, Warm> {
  const idle = median(cpuOf(running, 'empty'));
  const aboveIdle = (name: string): number[] => cpuOf(running, name).map((micros) => micros - idle);
  return Object.fromEntries(
    running
      .filter(({ contestant }) => contestant.name !== 'empty')
      .map(({ contestant: { name, base }, lines }) => {
        const own = aboveIdle(name);
        const ratio = spread(aboveIdle(base).map((micros, round) => (own[round] ?? Number.NaN) / micros));
        return [name, { micros: spread(own), ratio, lines }];
      }),
  );
}

function cpuOf(running: readonly Running[], name: string): readonly number[] {
  const one = running.find(({ contestant }) => contestant.name === name);
  if (!one) throw new Error(`"${name}" has to run along: others are measured against it`);
  return one.cpu;
}
