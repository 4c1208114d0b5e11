/** T2: two faults in one write and what follows it. All pairs: `pnpm soak --pairs`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pairsOf } from './faults/cases.ts';
import { modes } from './faults/modes.ts';
import { type Runner, runnerFor } from './faults/run.ts';
import { startWorld, type World } from './simulation/world.ts';

let world: World;
let run: Runner;
beforeAll(async () => {
  world = await startWorld();
  run = await runnerFor(world);
});
afterAll(() => world[Symbol.asyncDispose]());

/**
 * Every so manieth of the first faults of a mode, and of the second: one pair in 49, one in 289. Primes, so that all
 * kinds come with all requests.
 */
const STRIDE = { create: 7, others: 17 };

describe.each(modes)('T2 $name', (mode) => {
  it('I1 to I6 hold, and a retry converges', { timeout: 300_000 }, async () => {
    const pairs = await pairsOf(run, mode, mode === modes[0] ? STRIDE.create : STRIDE.others);
    const tally = await run(pairs);
    expect(tally.violations).toEqual([]);
    expect(tally.met / pairs.length).toBeGreaterThan(0.9);
    expect(pairs.length).toBeGreaterThan(0);
  });
});
