/**
 * The time that the work of records may take.
 *
 * @module
 */
import { DeadlineReached } from '../handler/deadline.ts';
import type { Invocation } from '../handler/invocation.ts';

/** When the work of records is stopped, and how long it may take to settle. */
export interface WorkTime {
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  readonly remaining: () => number;
  /** Milliseconds that work gets to settle in once `signal` has aborted. */
  readonly grace: number;
  /** Frees the timer. */
  readonly clear: () => void;
}

/** Of the time left, the most that is kept back. */
const LARGEST_SHARE = 0.25;

/** What a timer can count: it fires at once when asked for more. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/**
 * The time of an invocation, less what is kept back at its end. What is kept back is for work that has to follow the
 * records' own, such as telling another queue: it goes on until the invocation's own signal aborts.
 *
 * @param reserve - milliseconds to keep back; at most a quarter of what is left
 */
export function timeFor(invocation: Invocation, reserve: number): WorkTime {
  const { signal, remaining } = invocation;
  const grace = invocation.deadline.grace / 2; // the answer has to be out before the other half is over
  const left = remaining();
  if (reserve === 0 || left === Infinity) return { signal, remaining, grace, clear: () => {} };

  const kept = Math.min(reserve, left * LARGEST_SHARE);
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DeadlineReached(Math.round(kept + invocation.deadline.margin))),
    Math.min(left - kept, MOST_TIMER_MS),
  );
  return {
    signal: controller.signal, // always the earlier of the two
    remaining: () => Math.max(0, remaining() - kept),
    grace: kept + grace,
    clear: () => clearTimeout(timer),
  };
}
