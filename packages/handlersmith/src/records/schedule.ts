/**
 * Runs records: side by side or one after the other, as many at a time as allowed, in the order that must hold.
 * Pure scheduling: it knows nothing of AWS, clocks or logs.
 *
 * @module
 */
import { isThenable } from '../handler/thenable.ts';
import { isFailure, type Outcome, outcomeOfReturn, outcomeOfThrow } from './outcome.ts';

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
  /** Once it aborts no record is started. */
  readonly signal?: AbortSignal;
  /** Milliseconds that running records get to settle in after `signal` aborts; then they count as failed. Default 50. */
  readonly grace?: number;
  /** Hears of each outcome as it comes, `unstarted` ones last. Must not throw. */
  readonly onOutcome?: (outcome: Outcome, index: number) => void;
}

const DEFAULT_GRACE_MS = 50;
const unstarted: Outcome = Object.freeze({ status: 'unstarted' });

/** The records of one key: one that runs, and those that wait for it. */
interface Lane {
  readonly key: string;
  /** Indexes that wait, lowest first; those before `next` have had their turn. */
  readonly waiting: number[];
  next: number;
  failed: boolean;
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
  const { concurrency } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency: expected a whole number of 1 or more, got ${String(concurrency)}`);
  }
  return new Promise((resolve) => new Run(options, resolve).begin());
}

/** One call of {@link schedule}. */
class Run<T> {
  readonly #options: Schedule<T>;
  readonly #resolve: (outcomes: readonly Outcome[]) => void;
  readonly #outcomes: (Outcome | undefined)[];
  /** The lanes that are under way or have failed, by key. */
  readonly #lanes = new Map<string, Lane>();
  /** The lane of each record that runs or waits in one. */
  readonly #laneOf = new Map<number, Lane>();
  /** Records that run now. */
  readonly #running = new Set<number>();
  /** Records whose turn has come in their lane; never more than `concurrency`. */
  readonly #ready: number[] = [];
  #scanned = 0;
  #lowestFailure = Infinity;
  #pumping = false;
  #over = false;
  #giveUp: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Schedule<T>, resolve: (outcomes: readonly Outcome[]) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#outcomes = Array.from({ length: options.records.length });
  }

  begin(): void {
    this.#options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#pump();
  }

  /** Starts what may start. A record that settles at once is dealt with in this same loop, not by recursion. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#running.size < this.#options.concurrency) {
      const index = this.#next();
      if (index === undefined) break;
      this.#start(index);
    }
    this.#pumping = false;
    if (this.#running.size === 0) this.#finish();
  }

  /** The lowest record that may run now. Ready ones come before those not looked at yet: their indexes are lower. */
  #next(): number | undefined {
    if (this.#options.signal?.aborted === true) return undefined;
    const index = this.#takeReady() ?? this.#scan();
    // Whatever comes after a failure comes again: to run it now would be to run it twice.
    return index !== undefined && index < this.#lowestFailure ? index : undefined;
  }

  #takeReady(): number | undefined {
    if (this.#ready.length === 0) return undefined;
    const lowest = Math.min(...this.#ready);
    this.#ready.splice(this.#ready.indexOf(lowest), 1);
    return lowest;
  }

  /** Looks at further records until one follows nobody that is still under way. */
  #scan(): number | undefined {
    while (this.#scanned < this.#outcomes.length) {
      const index = this.#scanned++;
      if (this.#enterLane(index)) return index;
    }
    return undefined;
  }

  /** Puts a record in the lane of its key. Tells whether it may run at once. */
  #enterLane(index: number): boolean {
    const { order, keyOf, records } = this.#options;
    const key = order === 'free' ? undefined : keyOf?.(records[index] as T); // an index of this very list
    if (key === undefined) return true;
    const lane = this.#lanes.get(key);
    if (lane?.failed === true) return false;
    if (lane !== undefined) {
      lane.waiting.push(index);
      this.#laneOf.set(index, lane);
      return false;
    }
    const opened: Lane = { key, waiting: [], next: 0, failed: false };
    this.#lanes.set(key, opened);
    this.#laneOf.set(index, opened);
    return true;
  }

  #start(index: number): void {
    this.#running.add(index);
    try {
      const returned = this.#options.run(this.#options.records[index] as T, index); // an index of this very list
      if (!isThenable(returned)) {
        this.#settle(index, outcomeOfReturn(returned));
        return;
      }
      returned.then(
        (value) => this.#settle(index, outcomeOfReturn(value)),
        (error: unknown) => this.#settle(index, outcomeOfThrow(error)),
      );
    } catch (error) {
      this.#settle(index, outcomeOfThrow(error));
    }
  }

  #settle(index: number, outcome: Outcome): void {
    // After the grace nobody waits any more, and a thenable may settle twice.
    if (!this.#running.delete(index)) return;
    this.#tell(index, outcome);
    const failed = isFailure(outcome);
    if (failed && this.#options.order === 'sequence')
      this.#lowestFailure = Math.min(this.#lowestFailure, index);
    this.#leaveLane(index, failed);
    this.#pump();
  }

  /** Lets the next of the lane go, or none of it any more. */
  #leaveLane(index: number, failed: boolean): void {
    const lane = this.#laneOf.get(index);
    if (lane === undefined) return;
    this.#laneOf.delete(index);
    if (failed) {
      lane.failed = true;
      lane.waiting.length = 0;
      return;
    }
    const next = lane.waiting[lane.next++];
    if (next === undefined) this.#lanes.delete(lane.key);
    else this.#ready.push(next);
  }

  readonly #onAbort = (): void => {
    this.#giveUp = setTimeout(() => {
      const reason: unknown = this.#options.signal?.reason;
      for (const index of this.#running) this.#tell(index, outcomeOfThrow(reason));
      this.#running.clear();
      this.#finish();
    }, this.#options.grace ?? DEFAULT_GRACE_MS);
  };

  #tell(index: number, outcome: Outcome): void {
    this.#outcomes[index] = outcome;
    this.#options.onOutcome?.(outcome, index);
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#giveUp);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    for (let index = 0; index < this.#outcomes.length; index++) {
      if (this.#outcomes[index] === undefined) this.#tell(index, unstarted);
    }
    this.#resolve(this.#outcomes as readonly Outcome[]); // each has one now
  }
}
