/**
 * What became of a record, and how a runner says so.
 *
 * @module
 */

/**
 * What became of one record.
 *
 * - `done`: the runner finished; `result` is what it gave
 * - `retry`: it failed and may do better next time
 * - `permanent`: it failed and always will
 * - `skipped`: there was nothing to do
 * - `unstarted`: its turn never came: time ran out, or a record it must follow failed
 */
export type Outcome =
  | { readonly status: 'done'; readonly result: unknown }
  | { readonly status: 'retry'; readonly error: unknown }
  | { readonly status: 'permanent'; readonly error: unknown }
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'unstarted' };

/** A failure that no retry will mend. Make it with {@link permanent}. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

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

const done: Outcome = Object.freeze({ status: 'done', result: undefined });

/** The outcome of a runner that returned. */
export function outcomeOfReturn(returned: unknown): Outcome {
  if (returned instanceof Skipped) return { status: 'skipped', reason: returned.reason };
  return returned === undefined ? done : { status: 'done', result: returned };
}

/** The outcome of a runner that threw, whatever it threw. */
export function outcomeOfThrow(error: unknown): Outcome {
  return { status: error instanceof PermanentFailure ? 'permanent' : 'retry', error };
}

/** Tells an outcome after which no order may be kept by going on. */
export function isFailure(outcome: Outcome): boolean {
  return outcome.status === 'retry' || outcome.status === 'permanent';
}
