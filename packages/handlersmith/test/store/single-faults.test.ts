/** T1: every request of a write and of what follows it, with every fault it can meet, one at a time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { modes } from './faults/modes.ts';
import { distinctFaults, plansBeyond } from './faults/plans.ts';
import { type Runner, runnerFor } from './faults/run.ts';
import type { Result } from './faults/scenario.ts';
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
  it.each([1, 2])(
    'with %i tries of each request: I1 to I6 hold, and a retry converges',
    { timeout: 300_000 },
    async (tries) => {
      let peaceful: Result | undefined;
      const undisturbed = await run([{ mode, tries, plan: new Map() }], (result) => (peaceful = result));
      expect(undisturbed.violations).toEqual([]);
      const among = mode === modes[0] ? faults : distinctFaults;
      const plans = plansBeyond(new Map(), peaceful?.seen ?? [], among);

      const tally = await run(plans.map((plan) => ({ mode, tries, plan })));
      expect(tally.violations).toEqual([]);
      // A fault that nothing met would prove nothing.
      expect(tally).toMatchObject({ cases: plans.length, met: plans.length });
      expect(plans.length).toBeGreaterThan(100);
    },
  );
});
