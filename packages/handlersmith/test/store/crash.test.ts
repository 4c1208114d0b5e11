/** Processes killed at random moments. `pnpm soak --kills 200` kills as many as one likes. */
import { expect, it } from 'vitest';

import { crash } from './crash/crash.ts';
import { startWorld } from './simulation/world.ts';

const KILLS = 25;

it(
  'I1 to I6 hold when processes are killed under load, and a retry converges',
  { timeout: 300_000 },
  async () => {
    await using world = await startWorld();
    const report = await crash(world, KILLS, 1);
    expect(report.found).toEqual([]);
    expect(report.kills).toBe(KILLS);
    // Kills that hit nothing would prove nothing.
    expect(report.cut).toBeGreaterThan(KILLS / 2);
    expect(report.answered).toBeGreaterThan(KILLS * 5);
  },
);
