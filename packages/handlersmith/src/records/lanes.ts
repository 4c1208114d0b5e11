/**
 * The orders that must hold: by group, and in sequence.
 *
 * @module
 */
import { isThenable } from '../handler/thenable.ts';
import { isFailure, type Outcome, outcomeOfReturn, outcomeOfThrow } from './outcome.ts';
import type { Schedule } from './schedule.ts';
import { Settlement } from './settlement.ts';

/** The records of one key: one that runs, and those that wait for it. */
interface Lane {
  readonly key: string;
  /** Indexes that wait, lowest first; those before `next` have had their turn. */
  readonly waiting: number[];
  next: number;
  failed: boolean;
}

/** Runs records of which those of one key follow each other. */
export function runInLanes<T>(options: Schedule<T>): Promise<readonly Outcome[]> {
  return new Lanes(options).run();
}

/** One call of {@link runInLanes}. */
class Lanes<T> {
  readonly #options: Schedule<T>;
  readonly #settlement: Settlement;
  /** The lanes that are under way or have failed, by key. */
  readonly #lanes = new Map<string, Lane>();
  /** The lane of each record that runs or waits in one. */
  readonly #laneOf = new Map<number, Lane>();
  /** Records whose turn has come in their lane; never more than `concurrency`. */
  readonly #ready: number[] = [];
  /** Records that run now. */
  readonly #running = new Set<number>();
  #scanned = 0;
  #lowestFailure = Infinity;
  #pumping = false;

  constructor(options: Schedule<T>) {
    this.#options = options;
    this.#settlement = new Settlement(options, (index) => this.#running.has(index));
  }

  run(): Promise<readonly Outcome[]> {
    this.#pump();
    return this.#settlement.settled;
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
    if (this.#running.size === 0) this.#settlement.finish();
  }

  /** The lowest record that may run now. Ready ones come before those not looked at yet: their indexes are lower. */
  #next(): number | undefined {
    if (!this.#settlement.mayStart()) return undefined;
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
    while (this.#scanned < this.#options.records.length) {
      const index = this.#scanned++;
      if (this.#enterLane(index)) return index;
    }
    return undefined;
  }

  /** Puts a record in the lane of its key. Tells whether it may run at once. */
  #enterLane(index: number): boolean {
    const { keyOf, records } = this.#options;
    const key = keyOf?.(records[index] as T); // an index of this very list
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
      // A promise of our own: a thenable of somebody else's may settle twice.
      Promise.resolve(returned).then(
        (value) => this.#settle(index, outcomeOfReturn(value)),
        (error: unknown) => this.#settle(index, outcomeOfThrow(error)),
      );
    } catch (error) {
      this.#settle(index, outcomeOfThrow(error));
    }
  }

  #settle(index: number, outcome: Outcome): void {
    this.#running.delete(index);
    this.#settlement.settle(index, outcome);
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
}
