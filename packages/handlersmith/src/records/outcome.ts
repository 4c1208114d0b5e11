/**
 * What became of a record, and how a runner says so.
 *
 * @module
 */
import { PermanentFailure } from '../handler/permanent.ts';

export { PermanentFailure } from '../handler/permanent.ts';

/**
 * What became of one record.
 *
 * - `done`: the runner finished; `result` is what it gave
 * - `retry`: it failed and may do better next time
 * - `permanent`: it failed and always will
 * - `discarded`: it always will fail, and has been dealt with in the way that `how` tells: nothing needs to follow
 * - `skipped`: there was nothing to do
 * - `postponed`: it is to come again; no fault, and those that must follow it wait
 * - `unstarted`: its turn never came: time ran out, or a record it must follow failed
 */
export type Outcome =
  | { readonly status: 'done'; readonly result: unknown }
  | { readonly status: 'retry'; readonly error: unknown }
  | { readonly status: 'permanent'; readonly error: unknown }
  | { readonly status: 'discarded'; readonly error: unknown; readonly how: string }
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'postponed'; readonly reason: string }
  | { readonly status: 'unstarted' };

/**
 * Says that a record must not be tried again: what it asks for cannot be done.
 *
 * @param reason - for the log, and for whoever looks into the quarantine queue
 * @param options - `cause`: the error behind it
 * @returns an error to throw
 * @example
 * if (order.cancelled) throw permanent('The order was cancelled');
 */
export function permanent(reason: string, options?: { readonly cause?: unknown }): PermanentFailure {
  return new PermanentFailure(reason, options);
}

/** A record that needs no work. Make it with {@link skipped}. */
export class Skipped {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What a runner returns for a record that needs no work. */
export function skipped(reason: string): Skipped {
  return new Skipped(reason);
}

/** A record that failed for good and has been dealt with. Returned by a runner. */
export class Discarded {
  readonly error: unknown;
  readonly how: string;

  /** @param how - for the log: `dropped`, `quarantined` */
  constructor(error: unknown, how: string) {
    this.error = error;
    this.how = how;
  }
}

/** A record that is to come again, and not for a fault. Returned by a runner. */
export class Postponed {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

const done: Outcome = Object.freeze({ status: 'done', result: undefined });

/** The outcome of a runner that returned. */
export function outcomeOfReturn(returned: unknown): Outcome {
  if (returned === undefined) return done;
  if (returned instanceof Skipped) return { status: 'skipped', reason: returned.reason };
  if (returned instanceof Discarded) return { status: 'discarded', error: returned.error, how: returned.how };
  if (returned instanceof Postponed) return { status: 'postponed', reason: returned.reason };
  return { status: 'done', result: returned };
}

/** The outcome of a runner that threw, whatever it threw. */
export function outcomeOfThrow(error: unknown): Outcome {
  return { status: error instanceof PermanentFailure ? 'permanent' : 'retry', error };
}

/** Tells an outcome after which no order may be kept by going on. */
export function isFailure(outcome: Outcome): boolean {
  return outcome.status === 'retry' || outcome.status === 'permanent' || outcome.status === 'postponed';
}
