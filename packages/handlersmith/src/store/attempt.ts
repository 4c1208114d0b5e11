/**
 * One attempt at a write: its time, its requests, and how often each is tried.
 *
 * @module
 */
import { OutcomeUnknown } from './errors.ts';
import type { Settings } from './settings.ts';
import { isTransient } from './transient.ts';
import type { WriteRequest } from './types.ts';

/**
 * The steps of the protocol. Each is one request, and a place where an attempt may end.
 *
 * | step  | request                                                                     |
 * | ----- | --------------------------------------------------------------------------- |
 * | `W1`  | reads the record of the write; with `replace` and `remove` the row too       |
 * | `W2`  | stages the blob: `W2a` begins parts, `W2b` sends one, `W2c` completes, `W2d` gives up |
 * | `W3`  | commits                                                                     |
 * | `W4`  | deletes the blob of an attempt that came second                             |
 * | `W5`  | nothing is sent any more: the answer goes out                               |
 * | `L1`  | takes the lease                                                             |
 * | `B1`  | begins an upload, `B2` is the upload, `B3` looks for its bytes, `B4` is S3's event of it |
 * | `S1`  | lists blobs, `S2` reads the row, `S3` fences, `S4` reads the row again, `S5` deletes; `S0` reads and keeps where a sweep ended |
 * | `R1`  | deletes a retired blob, `R2` its entry in the list; `R0` reads the list      |
 * | `O1`  | opens a blob                                                                |
 */
export type Step =
  | 'W1'
  | 'W2'
  | 'W2a'
  | 'W2b'
  | 'W2c'
  | 'W2d'
  | 'W3'
  | 'W4'
  | 'W5'
  | 'L1'
  | 'B1'
  | 'B2'
  | 'B3'
  | 'B4'
  | 'S0'
  | 'S1'
  | 'S2'
  | 'S3'
  | 'S4'
  | 'S5'
  | 'R0'
  | 'R1'
  | 'R2'
  | 'O1';

/** Milliseconds below which no step is begun: less than any of them takes. */
const SHORTEST_STEP_MS = 20;

/** Milliseconds that a pause between two tries has at most. */
const LONGEST_PAUSE_MS = 1000;

/** Milliseconds that tidying up takes at most. */
const LONGEST_TIDYING_MS = 1000;

/** What each request of the SDK is sent with. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** What there is to know of the time of a request. */
export type Timing = Pick<WriteRequest, 'signal' | 'remaining'>;

/** One attempt. A retry by the caller is another. */
export class Attempt {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly operation: string;
  readonly settings: Settings;
  readonly #timing: Timing;

  constructor(settings: Settings, operation: string, timing: Timing) {
    this.settings = settings;
    this.operation = operation;
    this.id = settings.newId();
    this.startedAt = settings.now();
    this.#timing = timing;
  }

  get signal(): AbortSignal | undefined {
    return this.#timing.signal;
  }

  /** Milliseconds since the attempt began. */
  get age(): number {
    return this.settings.now() - this.startedAt;
  }

  /**
   * Makes sure that there is time for a step.
   *
   * @throws OutcomeUnknown when there is none
   */
  enter(step: Step): void {
    const { signal, remaining } = this.#timing;
    if (signal?.aborted === true) throw this.unknown(step, signal.reason);
    const left = remaining?.() ?? Infinity;
    if (left < SHORTEST_STEP_MS) throw this.unknown(step, new Error(`${left} ms are left`));
  }

  /**
   * Sends a request: again after a pause as long as what comes back may pass and there is time.
   *
   * @param call - sends it once; each time the very same request
   * @throws OutcomeUnknown when the tries or the time are used up
   * @throws what the service refuses the request with, at once
   */
  async send<Output>(step: Step, call: (options: SendOptions) => Promise<Output>): Promise<Output> {
    const { signal } = this.#timing;
    for (let tries = 1; ; tries++) {
      this.enter(step);
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        return await call(signal === undefined ? {} : { abortSignal: signal });
      } catch (error) {
        if (signal?.aborted === true) throw this.unknown(step, error);
        if (!isTransient(error)) throw error;
        if (tries >= this.settings.limits.attempts) throw this.unknown(step, error);
      }
      // oxlint-disable-next-line no-await-in-loop -- between two tries
      await this.#pause(tries);
    }
  }

  /** Sends a request once whose failure changes nothing, if there is time for it. */
  async try(step: Step, call: (options: SendOptions) => Promise<unknown>): Promise<void> {
    try {
      this.enter(step);
      const { signal } = this.#timing;
      await call(signal === undefined ? {} : { abortSignal: signal });
    } catch {
      // Whoever calls says what happens then.
    }
  }

  /**
   * Sends a request that tidies up, as {@link Attempt.try}, but also when the signal has aborted: then there is some time
   * left that is meant for this.
   */
  async tidy(step: Step, call: (options: SendOptions) => Promise<unknown>): Promise<void> {
    const left = Math.min(this.#timing.remaining?.() ?? Infinity, LONGEST_TIDYING_MS);
    if (left < SHORTEST_STEP_MS) return;
    const tidying = new Attempt(this.settings, this.operation, { signal: AbortSignal.timeout(left) });
    await tidying.try(step, call);
  }

  unknown(step: Step, cause: unknown): OutcomeUnknown {
    return new OutcomeUnknown(this.operation, step, cause);
  }

  /** Waits a random time, at most twice as long after each try, so that those who collided do not do so again. */
  async #pause(tries: number): Promise<void> {
    const { retryDelay } = this.settings.limits;
    if (retryDelay === 0) return;
    const longest = Math.min(LONGEST_PAUSE_MS, retryDelay * 2 ** (tries - 1));
    const left = (this.#timing.remaining?.() ?? Infinity) - SHORTEST_STEP_MS;
    await pause(Math.max(0, Math.min(Math.random() * longest, left)), this.#timing.signal);
  }
}

/** Resolves after a time, or when the signal aborts: the next step says so. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal?.addEventListener('abort', over);
  });
}
