/**
 * The time an invocation has left, as a signal, a number and a race.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { now } from './now.ts';

/** Milliseconds kept back for answering, logging and tracing before Lambda ends the environment. */
export const DEFAULT_MARGIN_MS = 200;

/** Of the margin, the share that work gets to settle in once its signal has aborted. */
const GRACE_SHARE = 0.25;

/** What a timer can count: it fires at once when asked for more, as a fake context may do. */
const MOST_TIMER_MS = 2 ** 31 - 1;

const NONE: readonly (() => void)[] = [];

/** The reason of an aborted signal: the invocation ran out of time. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
  /** Milliseconds before the function's own timeout at which the work was stopped. */
  readonly margin: number;

  constructor(margin: number) {
    super(`Stopped ${margin} ms before its own or its caller's timeout. Raise it or do less.`);
    this.margin = margin;
  }
}

/** What an `AbortSignal` says to those who only want to know when to stop: any will do, and less makes one. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The clock of one invocation. It costs nothing until it is asked: no timer and no `AbortController` is made for
 * work that answers at once.
 *
 * @example
 * const deadline = new Deadline(context, 200);
 * const answer = await deadline.race(work({ signal: deadline.signal }));
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export class Deadline implements StopSignal {
  readonly #context: Partial<Context> | undefined;
  readonly #margin: number;
  readonly #endsAt: number;
  #controller: AbortController | undefined;
  #reached: DeadlineReached | undefined;
  /** Told before the signal aborts. An `AbortController` for the engine alone would cost a small batch a sixth. */
  #listeners: readonly (() => void)[] = NONE;

  /**
   * @param context - the Lambda context; may lack `getRemainingTimeInMillis` (unit tests, containers)
   * @param margin - milliseconds before the timeout at which the signal aborts; at most half of what is left
   * @param cap - milliseconds from now after which nobody waits for the answer any more, `Infinity` for none
   */
  constructor(context: Partial<Context> | undefined, margin: number, cap: number = Infinity) {
    this.#context = context;
    this.#endsAt = cap === Infinity ? Infinity : now() + cap;
    // Settled once: a margin that shrank with the time left would never be reached.
    this.#margin = Math.min(margin, Math.max(0, this.#left()) / 2);
  }

  /** Aborts at the deadline with a {@link DeadlineReached}. Never aborts where there is no timeout to know of. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reached !== undefined) this.#controller.abort(this.#reached);
    }
    return this.#controller.signal;
  }

  /** Whether it was reached. */
  get aborted(): boolean {
    return this.#reached !== undefined;
  }

  /** The {@link DeadlineReached}, once it was. */
  get reason(): unknown {
    return this.#reached;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  /** Milliseconds before the function's own timeout at which the signal aborts. */
  get margin(): number {
    return this.#margin;
  }

  /** Milliseconds that work gets to settle in once the signal has aborted. */
  get grace(): number {
    return this.#margin * GRACE_SHARE;
  }

  /** Milliseconds until the signal aborts; `Infinity` without a Lambda context. */
  remaining(): number {
    return Math.max(0, this.#left() - this.#margin);
  }

  /** Milliseconds until Lambda or the caller ends it. */
  #left(): number {
    const byFunction = this.#context?.getRemainingTimeInMillis?.() ?? Infinity;
    const byCaller = this.#endsAt === Infinity ? Infinity : this.#endsAt - now();
    return Math.min(byFunction, byCaller);
  }

  /**
   * Settles as `work` does, or rejects with {@link DeadlineReached} when the time is up: the signal aborts first,
   * and work that settles soon after still counts, unless all it says is that it was aborted. Frees its timers
   * either way.
   */
  race<T>(work: Promise<T>): Promise<T> {
    const left = this.remaining();
    if (left === Infinity) return work;
    return new Promise<T>((resolve, reject) => {
      let timer = setTimeout(
        () => {
          const reached = new DeadlineReached(this.#margin);
          this.#reached = reached;
          for (const tell of this.#listeners) tell();
          this.#controller?.abort(reached);
          timer = setTimeout(() => reject(reached), this.grace);
        },
        Math.min(left, MOST_TIMER_MS),
      );
      const stop = (): void => clearTimeout(timer);
      work.then(stop, stop);
      work.then(resolve, (error: unknown) =>
        reject(this.#reached !== undefined && isAbort(error) ? this.#reached : error),
      );
    });
  }
}

/** What Node's and the AWS SDK's calls reject with when their signal aborts: not the reason, an error of their own. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
