/**
 * Runs records: side by side or one after the other, as many at a time as allowed, in the order that must hold.
 * Pure scheduling: it knows nothing of AWS, clocks or logs.
 *
 * @module
 */
import type { StopSignal } from '../handler/deadline.ts';
import { runInLanes } from './lanes.ts';
import type { Outcome } from './outcome.ts';
import { runFree } from './pool.ts';

/**
 * The order that must hold.
 *
 * - `free`: none
 * - `group`: records of one key run one after the other; after a failure the rest of that key is not run
 * - `sequence`: records of one key run one after the other; after a failure nothing later is started, whatever its
 *   key, because all of it will come again. With one key for all this is strict order
 */
export type Order = 'free' | 'group' | 'sequence';

/** What to run, and how. */
export interface Schedule<T> {
  readonly records: readonly T[];
  /** Called once per record at most. May be synchronous, and may throw anything. */
  readonly run: (record: T, index: number) => unknown;
  /** Records that run at one time, 1 or more. */
  readonly concurrency: number;
  readonly order: Order;
  /** The key whose order must hold; a record without one (`undefined`) follows nobody. Not asked for `free`. */
  readonly keyOf?: (record: T) => string | undefined;
  /** Once it aborts no record is started. An `AbortSignal` will do. */
  readonly signal?: StopSignal;
  /**
   * Milliseconds left. Asked before records start, so that work which waits for nothing ends too: no signal can abort
   * while it runs.
   */
  readonly remaining?: () => number;
  /** Milliseconds that running records get to settle in after `signal` aborts; then they count as failed. Default 50. */
  readonly grace?: number;
  /** Hears of each outcome as it comes, `unstarted` ones last. Must not throw. */
  readonly onOutcome?: (outcome: Outcome, index: number) => void;
}

/**
 * Runs records and gives one outcome for each, in their order. Resolves when everything that was started has
 * settled; a record that hangs on beyond the grace counts as failed.
 *
 * Of the records that may run, the one with the lowest index goes first, so that what is finished at any time is as
 * close to a prefix as the order allows.
 *
 * @throws RangeError when `concurrency` is not a whole number of 1 or more
 * @example
 * const outcomes = await schedule({ records, run: ship, concurrency: 8, order: 'group', keyOf: (order) => order.customer });
 */
export function schedule<T>(options: Schedule<T>): Promise<readonly Outcome[]> {
  const { concurrency, order } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency: expected a whole number of 1 or more, got ${String(concurrency)}`);
  }
  return order === 'free' ? runFree(options) : runInLanes(options);
}
