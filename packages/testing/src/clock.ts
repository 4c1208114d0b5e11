/**
 * Clocks that a fake Lambda context counts down on.
 *
 * @module
 */

/** A source of time. Only differences count, so any starting point will do. */
export interface Clock {
  /** Milliseconds since the clock's own start. Never goes back. */
  now(): number;
}

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves the clock forward.
   *
   * @param milliseconds - how far; zero or more
   * @throws RangeError when the clock would go back
   */
  advance(milliseconds: number): void;
}

/** The time of this process, from a source that no clock adjustment moves. */
export const systemClock: Clock = { now: () => performance.now() };

/**
 * Makes a clock that only moves when told to, for tests about deadlines.
 *
 * @param start - milliseconds that `now()` gives at first
 * @example
 * const clock = manualClock();
 * const context = lambdaContext({ timeout: 1000, clock });
 * clock.advance(900);
 * context.getRemainingTimeInMillis(); // 100
 */
export function manualClock(start = 0): ManualClock {
  let now = start;
  return {
    now: () => now,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) {
        throw new RangeError(`A clock goes forward only: advance() got ${milliseconds}, give it 0 or more.`);
      }
      now += milliseconds;
    },
  };
}
