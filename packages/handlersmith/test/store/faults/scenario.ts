/**
 * One case of the fault tests: a write and its retries, another request under the same key, a sweep, and the write asked
 * for once more; with the faults of a plan. Then the invariants.
 *
 * @module
 */
import { type Bench, benchOf, type BenchOptions, STARTS_AT } from '../simulation/bench.ts';
import { type Plan, planned } from '../simulation/directors.ts';
import { isPassing } from '../simulation/invariants.ts';
import { Simulation } from '../simulation/simulation.ts';
import type { SimulatedRequest } from '../simulation/task.ts';
import type { World } from '../simulation/world.ts';
import type { Ask } from '../simulation/writes.ts';
import type { Mode } from './modes.ts';

export interface Case {
  readonly mode: Mode;
  /** Tries that the store makes of each request. */
  readonly tries: number;
  readonly plan: Plan;
}

/** Where a case runs: one at a time in each. */
export interface Lane {
  readonly world: World;
  readonly records: string;
}

export interface Result {
  readonly found: readonly string[];
  /** Requests that could meet a fault, in order. */
  readonly seen: readonly Pick<SimulatedRequest, 'service' | 'command'>[];
  /** Faults that were met. */
  readonly met: number;
  /** All requests that were directed. */
  readonly requests: number;
  readonly trace: readonly string[];
}

/** As it is written in reports, and read by {@link file://./replay.ts}. */
export function nameOf({ mode, tries, plan }: Case): string {
  const faults = [...plan].map(([number, { name }]) => `${number} ${name}`).join(' + ');
  return `${mode.name} / ${tries} / ${faults}`;
}

/** Requests that a client makes at most until it has an answer. */
const CLIENT_TRIES = 5;

let count = 0;

export async function runCase(
  { world, records }: Lane,
  { mode, tries, plan }: Case,
  sweep?: BenchOptions['sweep'],
): Promise<Result> {
  const director = planned(plan);
  const simulation = new Simulation(director, STARTS_AT);
  let ids = 0;
  const bench = benchOf({
    world,
    simulation,
    scope: `case-${(count += 1)}`,
    records,
    ...mode.options,
    limits: { attempts: tries },
    newId: () => `a${(ids += 1)}`,
    sweep,
  });
  simulation.calm = true;
  for (const what of mode.before ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const outcome = await bench.attempt(what);
    if (outcome.kind !== 'done') throw new Error('What comes before a case must succeed', { cause: outcome });
  }
  simulation.calm = false;
  await untilAnswered(bench, simulation, mode.ask);
  if (mode.between !== undefined) await untilAnswered(bench, simulation, mode.between);
  await untilAnswered(bench, simulation, { ...mode.ask, payload: 'P2' });
  if (mode.expires === true) await bench.expire(mode.ask.key);
  await bench.sweep();
  if ([mode.ask, mode.between].some((what) => what !== undefined && what.kind !== 'create'))
    await bench.retire();
  await untilAnswered(bench, simulation, mode.ask);
  const found = await bench.conclude();
  return {
    found,
    seen: director.seen,
    met: director.met,
    requests: simulation.requests,
    trace: simulation.trace,
  };
}

async function untilAnswered(bench: Bench, simulation: Simulation, what: Ask): Promise<void> {
  for (let tries = 0; tries < CLIENT_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const outcome = await bench.attempt(what);
    if (outcome.kind === 'done') return;
    if (outcome.kind === 'failed' && !isPassing(outcome.error)) return;
    // A client waits for a lease to run out.
    simulation.advance(
      outcome.kind === 'failed' && (outcome.error as Error).name === 'InProgress' ? 61_000 : 1000,
    );
  }
}
