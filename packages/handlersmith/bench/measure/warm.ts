/**
 * What one more invocation costs once everything is warm: CPU time, candidates interleaved, ratios taken round by round.
 *
 * @module
 */
import type { Scenario } from '../job/events.ts';
import { median, shuffled, spread, type Spread } from '../statistics.ts';
import { startWorker, type Worker } from './process.ts';

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
  readonly scenario: Scenario;
  /** Batches per candidate. */
  readonly rounds: number;
  /** Wall time of one batch, in ms. */
  readonly batchMs: number;
  /** Invocations before the first batch counts: enough for the optimising compiler to be done. */
  readonly warmUpInvocations: number;
  /** Where a slow candidate stops warming up all the same, in ms. */
  readonly warmUpMs: number;
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
  readonly invocations: number;
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
  const running: Running[] = [];
  try {
    for (const contestant of contestants) {
      // oxlint-disable-next-line no-await-in-loop -- two that warm up side by side would share the machine
      running.push(await warmUp(contestant, settings));
    }
    for (let round = 0; round < settings.rounds; round++) {
      for (const one of shuffled(running)) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        const { cpuMicros, lines } = await one.worker.ask({ kind: 'time', invocations: one.invocations });
        one.cpu.push(cpuMicros);
        one.lines = lines / one.invocations;
      }
    }
  } finally {
    for (const { worker } of running) worker.stop();
  }
  return results(running);
}

async function warmUp(contestant: Contestant, settings: WarmSettings): Promise<Running> {
  const worker = await startWorker({ worker: settings.worker, bundle: contestant.bundle }, settings.scenario);
  const { name } = contestant;
  if (
    (settings.scenario === 'valid' || settings.scenario === 'large') &&
    name !== 'empty' &&
    worker.status !== 201
  ) {
    throw new Error(`${name} answers ${worker.status} to the ${settings.scenario} event`);
  }
  const until = performance.now() + settings.warmUpMs;
  let invocations = 1;
  let warm = 0;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each batch is sized by the one before
    const { wallMicros } = await worker.ask({ kind: 'time', invocations });
    warm += invocations;
    invocations = Math.max(1, Math.min(100_000, Math.round((settings.batchMs * 1000) / wallMicros)));
  } while (warm < settings.warmUpInvocations && performance.now() < until);
  return { contestant, worker, invocations, cpu: [], lines: 0 };
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
