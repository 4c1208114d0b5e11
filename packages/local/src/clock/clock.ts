/**
 * Time as the services on this machine see it: the real one, or one that tests and the runner move.
 *
 * @module
 */

/** The longest wait a Node timer can hold, in milliseconds; more than that fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /**
   * Calls back once when so many milliseconds have passed on this clock.
   *
   * @returns the way to call it off; calling it later than that does nothing
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A clock that moves when it is told to. */
export interface MovableClock extends Clock {
  /**
   * Moves the clock and wakes whoever waits for a time that is passed, in the order of those times. Each is woken at
   * its own time: `now()` says so while it runs.
   *
   * @throws RangeError for a time before `now()`: a clock that goes back breaks what builds on it
   */
  moveTo(time: number | Date): void;
  /** Moves the clock on by milliseconds. */
  advance(milliseconds: number): void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: startTimer,
};

/**
 * A clock that stands still until it is moved.
 *
 * @param startsAt - milliseconds since 1970, or a date; default: the time of the call
 * @example
 * const clock = manualClock(new Date('2026-03-01T00:00:00Z'));
 * clock.after(60_000, () => console.log('a minute later'));
 * clock.advance(60_000);
 */
export function manualClock(startsAt: number | Date = Date.now()): MovableClock {
  let time = Number(startsAt);
  const sleepers = sleepersInOrder();

  const moveTo = (target: number | Date): void => {
    const end = forward(time, Number(target));
    for (let next = sleepers.next(end); next !== undefined; next = sleepers.next(end)) {
      time = Math.max(time, next.due);
      next.callback();
    }
    time = end;
  };
  return {
    now: () => time,
    after: (milliseconds, callback) => sleepers.add(time + Math.max(0, milliseconds), callback),
    moveTo,
    advance: (milliseconds) => moveTo(time + milliseconds),
  };
}

/**
 * The clock of this machine, which can be moved ahead: it runs as real time does, and jumps when it is told to.
 *
 * Its timers keep the process alive until they are due or called off.
 *
 * @example
 * const clock = runningClock();
 * const cancel = clock.after(3_600_000, () => console.log('an hour later'));
 * clock.advance(3_600_000);
 */
export function runningClock(): MovableClock {
  let ahead = 0;
  /** Set while sleepers are woken: the time of the one that is being woken. */
  let waking: number | undefined;
  const sleepers = sleepersInOrder();
  const now = (): number => waking ?? Date.now() + ahead;

  let stopTimer: (() => void) | undefined;
  const wake = (end: number): void => {
    for (let next = sleepers.next(end); next !== undefined; next = sleepers.next(end)) {
      waking = Math.max(waking ?? 0, next.due);
      try {
        next.callback();
      } catch (error) {
        waking = undefined;
        setTimer();
        throw error;
      }
    }
    waking = undefined;
    setTimer();
  };
  const setTimer = (): void => {
    stopTimer?.();
    const due = sleepers.earliest();
    stopTimer = due === undefined ? undefined : startTimer(due - now(), () => wake(now()));
  };

  const moveTo = (target: number | Date): void => {
    const end = forward(now(), Number(target));
    ahead += end - now();
    wake(end);
  };
  return {
    now,
    after(milliseconds, callback) {
      const cancel = sleepers.add(now() + Math.max(0, milliseconds), callback);
      if (waking === undefined) setTimer();
      return () => {
        cancel();
        if (waking === undefined) setTimer();
      };
    },
    moveTo,
    advance: (milliseconds) => moveTo(now() + milliseconds),
  };
}

interface Sleeper {
  readonly due: number;
  readonly callback: () => void;
}

function sleepersInOrder(): {
  add(due: number, callback: () => void): () => void;
  earliest(): number | undefined;
  /** Takes the earliest sleeper that is due by then. */
  next(end: number): Sleeper | undefined;
} {
  const sleepers: Sleeper[] = [];
  return {
    add(due, callback) {
      const sleeper = { due, callback };
      const before = sleepers.findLastIndex((other) => other.due <= due);
      sleepers.splice(before + 1, 0, sleeper);
      return () => {
        const at = sleepers.indexOf(sleeper);
        if (at >= 0) sleepers.splice(at, 1);
      };
    },
    earliest: () => sleepers[0]?.due,
    next: (end) => {
      const first = sleepers[0];
      return first !== undefined && first.due <= end ? sleepers.shift() : undefined;
    },
  };
}

function forward(from: number, to: number): number {
  if (to >= from) return to;
  throw new RangeError(
    `clock: can only be moved ahead; it is ${new Date(from).toISOString()}, asked for ${Number.isNaN(to) ? 'no date' : new Date(to).toISOString()}`,
  );
}

/** A timer for any wait: Node's own hold 24 days at most. */
function startTimer(milliseconds: number, callback: () => void): () => void {
  const end = Date.now() + milliseconds;
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer =
      left > LONGEST_TIMER_MS
        ? setTimeout(() => wait(end - Date.now()), LONGEST_TIMER_MS)
        : setTimeout(callback, Math.max(0, left));
  };
  wait(milliseconds);
  return () => clearTimeout(timer);
}
