/**
 * T1: every request of a write and of what follows it, with every fault it can meet, one at a time. Every mode with both
 * numbers of tries: `pnpm soak --singles`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { singlesOf } from './faults/cases.ts';
import { modes } from './faults/modes.ts';
import { distinctFaults } from './faults/plans.ts';
import { type Runner, runnerFor } from './faults/run.ts';
import { faults } from './simulation/faults.ts';
import { startWorld, type World } from './simulation/world.ts';

let world: World;
let run: Runner;
beforeAll(async () => {
  world = await startWorld();
  run = await runnerFor(world);
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(modes)('T1 $name', (mode) => {
  it('I1 to I6 hold, and a retry converges', { timeout: 300_000 }, async () => {
    const cases = await (mode === modes[0]
      ? singlesOf(run, mode, faults)
      : singlesOf(run, mode, distinctFaults, [mode.tries ?? 1]));
    const tally = await run(cases);
    expect(tally.violations).toEqual([]);
    // A fault that nothing met would prove nothing. The list that a retired blob is on depends on the name of its write,
    // and so does the number of the request that deletes it.
    expect(tally.met / cases.length).toBeGreaterThan(0.9);
    expect(cases.length).toBeGreaterThan(20);
  });
});
