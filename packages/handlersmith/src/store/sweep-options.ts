/**
 * What a sweep takes, and what it tells.
 *
 * @module
 */
import { checkOptions, flag, milliseconds, type OptionRule, type OptionRules } from '../handler/options.ts';
import type { WriteRequest } from './types.ts';

/** Which blobs a sweep looks at, and how far it goes. Everything has a default. */
export interface SweepOptions extends Pick<WriteRequest, 'signal' | 'remaining' | 'logger'> {
  /**
   * Milliseconds that a day must have been over before its blobs are looked at. Default 24 hours. No write depends on
   * it: a shorter one makes more of them stage twice, and lets uploads come to nothing. `0` is for tests: all days are
   * looked at then, today's included.
   */
  readonly grace?: number;
  /**
   * Which of those days: `'due'`, each as soon as the grace period is over, and once more a week after it ended, for
   * what came late; or `'all'` there are. Default `'due'`; `'all'` with a grace period of 0.
   */
  readonly days?: 'due' | 'all';
  /** One day alone, `yyyy-mm-dd`. */
  readonly day?: string;
  /** Whether blobs are only counted: nothing is fenced, nothing deleted. Default `false`. */
  readonly dryRun?: boolean;
  /** Blobs looked at, at most. Default: all. */
  readonly limit?: number;
  /** Blobs looked at side by side. Default 16. */
  readonly concurrency?: number;
  /** Goes on where a sweep ended: the `next` of its report. */
  readonly next?: string;
  /**
   * Whether the store remembers where it ended. The next sweep that does goes on there; one that begins anew looks at
   * each day that has become due since, however long nobody swept. It is kept with the records; a compact store has
   * none, and begins anew each time. Default `false`.
   */
  readonly resume?: boolean;
}

/** What a sweep found and did. `listed` is the sum of `live`, `orphans` and `kept`. */
export interface SweepReport {
  /** The days that were listed, `yyyy-mm-dd`, in order; the last one perhaps not to its end. */
  readonly days: readonly string[];
  /** Objects looked at. */
  readonly listed: number;
  /** A row refers to them. */
  readonly live: number;
  /** No row refers to them. */
  readonly orphans: number;
  /** Their key is none that the store makes, or names a row that the table cannot have: they are left alone. */
  readonly kept: number;
  /** Writes of which no attempt can commit such a blob any more, because of this sweep. */
  readonly fenced: number;
  /** Orphans that are gone. */
  readonly deleted: number;
  /** Whether everything was looked at. `false`: time, or the limit, was reached. */
  readonly complete: boolean;
  /** Give it to another sweep, which goes on there; `undefined` when everything was looked at. */
  readonly next: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** How many. */
export const count: OptionRule = {
  expected: 'a whole number, 1 or more',
  accepts: (value) => Number.isInteger(value) && Number(value) >= 1,
};
const fromRun: OptionRule = { expected: 'what run has', accepts: () => true };

/** What both workers take of an invocation. */
export const ofInvocation: OptionRules = { signal: fromRun, remaining: fromRun, logger: fromRun };

const rules: OptionRules = {
  grace: milliseconds,
  days: { expected: "'due' or 'all'", accepts: (value) => value === 'due' || value === 'all' },
  day: {
    expected: 'a day, yyyy-mm-dd',
    accepts: (value) => typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value)),
  },
  dryRun: flag,
  limit: count,
  concurrency: count,
  next: { expected: 'the next of a report', accepts: (value) => typeof value === 'string' },
  resume: flag,
  ...ofInvocation,
};

/**
 * Refuses what cannot be meant.
 *
 * @throws TypeError naming the option
 */
export function checkSweepOptions(options: SweepOptions): void {
  checkOptions('sweep', options, rules);
  if (options.day !== undefined && options.days !== undefined)
    throw new TypeError('sweep: options "day" and "days" contradict each other');
  if (options.resume !== true) return;
  for (const name of ['day', 'days', 'next', 'dryRun'] as const) {
    if (options[name] !== undefined && options[name] !== false)
      throw new TypeError(
        `sweep: options "resume" and "${name}" contradict each other: the store remembers what is to be looked at`,
      );
  }
}
