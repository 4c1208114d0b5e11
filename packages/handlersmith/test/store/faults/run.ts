/**
 * Runs many cases, a few at a time.
 *
 * @module
 */
import { faultNamed } from '../simulation/faults.ts';
import type { World } from '../simulation/world.ts';
import { modeNamed } from './modes.ts';
import { type Case, type Lane, nameOf, type Result, runCase } from './scenario.ts';

/** Cases at a time: enough that two cores are at work. */
const LANES = 8;

export interface Tally {
  cases: number;
  requests: number;
  /** Cases whose faults were all met. */
  met: number;
  readonly violations: string[];
}

export type Runner = (cases: readonly Case[], each?: (result: Result, one: Case) => void) => Promise<Tally>;

/** Lanes for one world. */
export async function runnerFor(world: World, sweep?: Parameters<typeof runCase>[2]): Promise<Runner> {
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async (_, index): Promise<Lane> => ({
      world,
      records: await world.recordTable(`records-${index}`),
    })),
  );
  return async (cases, each) => {
    const tally: Tally = { cases: 0, requests: 0, met: 0, violations: [] };
    const left = [...cases].toReversed();
    await Promise.all(
      lanes.map(async (lane) => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          // oxlint-disable-next-line no-await-in-loop -- one case at a time in each lane
          const result = await runCase(lane, one, sweep);
          tally.cases += 1;
          tally.requests += result.requests;
          if (result.met === one.plan.size) tally.met += 1;
          each?.(result, one);
          if (result.found.length > 0) tally.violations.push(report(one, result));
        }
      }),
    );
    return tally;
  };
}

/** What to print of a case that went wrong: how to run it again, and what happened. */
function report(one: Case, { found, trace }: Result): string {
  return [
    `HANDLERSMITH_CASE='${nameOf(one)}'`,
    ...found.map((line) => `  ${line}`),
    ...trace.map((line) => `    ${line}`),
  ].join('\n');
}

/** Reads what {@link nameOf} writes. */
export function caseNamed(name: string): Case {
  const [mode = '', tries = '', faults = ''] = name.split(' / ');
  const plan = faults
    .split(' + ')
    .filter((each) => each !== '')
    .map((each) => {
      const [, number = '', fault = ''] = /^(\d+) (.*)$/.exec(each) ?? [];
      return [Number(number), faultNamed(fault)] as const;
    });
  return { mode: modeNamed(mode), tries: Number(tries), plan: new Map(plan) };
}
