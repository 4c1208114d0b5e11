/**
 * Faults, one and two at a time.
 *
 * @module
 */
import type { Fault } from '../simulation/faults.ts';
import type { Mode } from './modes.ts';
import { plansBeyond, worstFaults } from './plans.ts';
import type { Runner } from './run.ts';
import type { Case, Result } from './scenario.ts';

/**
 * All single faults of a mode.
 *
 * @param tries - of each request: 1, 2 or both
 */
export async function singlesOf(
  run: Runner,
  mode: Mode,
  among: readonly Fault[],
  tries: readonly number[] = [1, 2],
): Promise<Case[]> {
  const both = await Promise.all(
    tries.map(async (each) =>
      plansBeyond(new Map(), await peacefully(run, mode, each), among).map((plan): Case => ({
        mode,
        tries: each,
        plan,
      })),
    ),
  );
  return both.flat().filter((_, index) => index % (mode.share ?? 1) === 0);
}

/** The requests of a case without faults. */
async function peacefully(run: Runner, mode: Mode, tries: number): Promise<Result['seen']> {
  const seen: Result['seen'][number][] = [];
  const { violations } = await run([{ mode, tries, plan: new Map() }], (result) => seen.push(...result.seen));
  if (violations.length > 0) throw new Error(violations.join('\n'));
  return seen;
}

/**
 * All pairs of a mode, or a sample. Which second faults there are is known once the first has been met: each single
 * fault is run for it.
 *
 * @param stride - takes every so manieth of the first faults, and of what follows each
 */
export async function pairsOf(run: Runner, mode: Mode, stride = 1): Promise<Case[]> {
  const tries = 1;
  const singles = plansBeyond(new Map(), await peacefully(run, mode, tries), worstFaults)
    // A share of the pairs is also a share of the first faults: each costs a run.
    .filter((_, index) => index % stride === 0)
    .map((plan): Case => ({ mode, tries, plan }));
  const pairs: Case[] = [];
  await run(singles, ({ seen }, { plan }) => {
    for (const beyond of plansBeyond(plan, seen, worstFaults)) pairs.push({ mode, tries, plan: beyond });
  });
  const share = (mode.share ?? 1) * stride;
  return pairs.filter((_, index) => index % share === 0);
}
