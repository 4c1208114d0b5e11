/**
 * Which cases there are: every request a write makes, with every fault it can meet.
 *
 * @module
 */
import type { Plan } from '../simulation/directors.ts';
import { type Fault, faults } from '../simulation/faults.ts';
import type { Result } from './scenario.ts';

/** The faults that make pairs interesting; the others are their likes. */
const WORST = new Set([
  'not sent',
  'answer lost',
  'late by 1',
  'late by 3',
  "late, after another's commit",
  "late, after another's delete",
  '409 conflict',
  'transaction conflict',
  'crash before',
  'crash after',
  'crash, request in flight',
  'frozen for 2 requests',
  "frozen past another's commit",
]);

/** All plans with one more fault than `plan`, behind those it has. `seen`: what requests it leads to. */
export function plansBeyond(plan: Plan, seen: Result['seen'], among: readonly Fault[] = faults): Plan[] {
  const last = Math.max(0, ...plan.keys());
  return seen.flatMap((request, index) =>
    index < last || isLikeTheLast(seen, index)
      ? []
      : among
          .filter((fault) => fault.applies(request))
          .map((fault) => new Map([...plan, [index + 1, fault]])),
  );
}

/** The third and further of the same queries in a row: there is one for each list of retired blobs. */
function isLikeTheLast(seen: Result['seen'], index: number): boolean {
  return [index, index - 1, index - 2].every((each) => seen[each]?.command === 'Query');
}

/** What a service may say in several ways. The store treats each like another fault: one mode shows that it does. */
const LIKES = new Set([
  'connection refused',
  'throttled otherwise',
  'over the limit',
  '500',
  'bad digest',
  'transaction throttled',
  'transaction invalid',
  'in progress',
  'late by 3',
  'clock jumps on',
  'clock jumps back',
]);

export const distinctFaults: readonly Fault[] = faults.filter(({ name }) => !LIKES.has(name));

export const worstFaults: readonly Fault[] = faults.filter(({ name }) => WORST.has(name));
