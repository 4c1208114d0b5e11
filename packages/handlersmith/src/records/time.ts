/**
 * The time that the work of records may take.
 *
 * @module
 */
import { DeadlineReached, type StopSignal } from '../handler/deadline.ts';
import type { Invocation } from '../handler/invocation.ts';

/** When the work of records is stopped, and how long it may take to settle. */
export interface WorkTime {
  /** Where it is not the invocation's own. */
  readonly signal: AbortSignal | undefined;
  /** Aborts when the signal does. To make a signal for it alone would cost a small batch more than its records. */
  readonly stop: StopSignal;
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
  const { deadline, remaining } = invocation;
  const grace = deadline.grace / 2; // the answer has to be out before the other half is over
  const left = remaining();
  if (reserve === 0 || left === Infinity)
    return { signal: undefined, stop: deadline, remaining, grace, clear: nothing };

  const kept = Math.min(reserve, left * LARGEST_SHARE);
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DeadlineReached(Math.round(kept + deadline.margin))),
    Math.min(left - kept, MOST_TIMER_MS),
  );
  return {
    signal: controller.signal, // always the earlier of the two
    stop: controller.signal,
    remaining: () => Math.max(0, remaining() - kept),
    grace: kept + grace,
    clear: () => clearTimeout(timer),
  };
}

function nothing(): void {
  // There is no timer.
}
