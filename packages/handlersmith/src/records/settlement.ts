/**
 * Who has begun, who has settled, and what becomes of those that hang on when time is up.
 *
 * @module
 */
import type { StopSignal } from '../handler/deadline.ts';
import { type Outcome, outcomeOfThrow } from './outcome.ts';
import type { Schedule } from './schedule.ts';

const DEFAULT_GRACE_MS = 50;

/** Quick records that may start between two looks at the clock: each look costs as much as they do. */
const LONGEST_STRIDE = 16;
const unstarted: Outcome = Object.freeze({ status: 'unstarted' });

/** The outcomes of one call of `schedule`, as they come. */
export class Settlement {
  /** Resolves with one outcome for each record. */
  readonly settled: Promise<readonly Outcome[]>;

  readonly #outcomes: (Outcome | undefined)[];
  readonly #hasBegun: (index: number) => boolean;
  readonly #onOutcome: ((outcome: Outcome, index: number) => void) | undefined;
  readonly #signal: StopSignal | undefined;
  readonly #remaining: (() => number) | undefined;
  readonly #grace: number;
  /** Whether the signal has aborted, or the clock said so. To ask the signal itself for each record shows. */
  #stopped: boolean;
  #leftBefore = Infinity;
  /** Records from one look at the clock to the next, and how many of them are still to come. */
  #stride = 1;
  #unlooked = 1;
  #resolve!: (outcomes: readonly Outcome[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Records without an outcome. */
  #open: number;
  #over = false;

  /** @param hasBegun - tells whether a record was started */
  constructor(
    options: Pick<Schedule<unknown>, 'records' | 'signal' | 'remaining' | 'grace' | 'onOutcome'>,
    hasBegun: (index: number) => boolean,
  ) {
    // oxlint-disable-next-line unicorn/no-new-array -- Array.from takes ten times as long, which shows in large batches
    this.#outcomes = new Array<Outcome | undefined>(options.records.length).fill(undefined);
    this.#open = options.records.length;
    this.#hasBegun = hasBegun;
    this.#onOutcome = options.onOutcome;
    this.#signal = options.signal;
    this.#remaining = options.remaining;
    this.#stopped = options.signal?.aborted === true;
    this.#grace = options.grace ?? DEFAULT_GRACE_MS;
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether another record may start. */
  mayStart(): boolean {
    if (this.#remaining !== undefined && --this.#unlooked <= 0) this.#look(this.#remaining());
    return !this.#stopped;
  }

  /** Looks more often where records take their time, up to once for each: no signal aborts before they wait for something. */
  #look(left: number): void {
    this.#stride = this.#leftBefore - left >= 1 ? 1 : Math.min(2 * this.#stride, LONGEST_STRIDE);
    this.#unlooked = this.#stride;
    this.#leftBefore = left;
    if (left <= 0) this.#stopped = true;
  }

  /** Stores an outcome. The first one counts: after the grace nobody waits, and a thenable may settle twice. */
  settle(index: number, outcome: Outcome): void {
    if (this.#over || this.#outcomes[index] !== undefined) return;
    this.#outcomes[index] = outcome;
    this.#open--;
    this.#onOutcome?.(outcome, index);
  }

  /** Nothing more will be started: what has no outcome never began. */
  finish(): void {
    if (this.#over) return;
    for (let index = 0; this.#open > 0; index++) this.settle(index, unstarted);
    this.#over = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#resolve(this.#outcomes as readonly Outcome[]); // each has one now
  }

  readonly #onAbort = (): void => {
    this.#stopped = true;
    this.#timer = setTimeout(() => {
      for (let index = 0; index < this.#outcomes.length; index++) {
        if (this.#hasBegun(index)) this.settle(index, outcomeOfThrow(this.#signal?.reason));
      }
      this.finish();
    }, this.#grace);
  };
}
