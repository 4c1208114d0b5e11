/**
 * Pairs of faults.
 *
 * @module
 */
import type { Mode } from './modes.ts';
import { plansBeyond, worstFaults } from './plans.ts';
import type { Runner } from './run.ts';
import type { Case, Result } from './scenario.ts';

/**
 * All pairs of a mode, or every so manieth. Which second faults there are is known once the first has been met: each
 * single fault is run for it.
 *
 * @param nth - takes one of so many
 */
export async function pairsOf(run: Runner, mode: Mode, nth = 1): Promise<Case[]> {
  const tries = 1;
  let peaceful: Result | undefined;
  await run([{ mode, tries, plan: new Map() }], (result) => (peaceful = result));
  const singles = plansBeyond(new Map(), peaceful?.seen ?? [], worstFaults)
    // A share of the pairs is also a share of the first faults: each costs a run.
    .filter((_, index) => index % Math.ceil(Math.sqrt(nth)) === 0)
    .map((plan): Case => ({ mode, tries, plan }));
  const pairs: Case[] = [];
  await run(singles, ({ seen }, { plan }) => {
    for (const beyond of plansBeyond(plan, seen, worstFaults)) pairs.push({ mode, tries, plan: beyond });
  });
  return pairs.filter((_, index) => index % Math.ceil(Math.sqrt(nth)) === 0);
}
