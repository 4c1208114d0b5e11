/**
 * Which days a sweep looks at, and where in them it is.
 *
 * @module
 */
import { isListOf } from '../handler/options.ts';

const DAY_MS = 86_400_000;

/** How long after its end a day is looked at once more: no presigned URL is good for longer. */
const AGAIN_MS = 7 * DAY_MS;

/** Long after any attempt at a write has ended. */
const DEFAULT_GRACE_MS = DAY_MS;

/** Where a sweep is. */
export interface Position {
  /** What is left, in order; the first is under way. */
  readonly days: readonly string[];
  /** The last key of the first day that is done with; `''` at its beginning. */
  readonly after: string;
}

/** What says which days are meant. */
export interface Wanted {
  readonly grace?: number | undefined;
  readonly days?: 'due' | 'all' | undefined;
  readonly day?: string | undefined;
}

/**
 * Picks from the days there are.
 *
 * @param since - milliseconds since 1970 of the last sweep: what has become due since is meant
 * @throws RangeError for one day that is not over for long enough
 */
export function daysOf(
  present: readonly string[],
  wanted: Wanted,
  now: number,
  since: number = now - DAY_MS,
): readonly string[] {
  const { grace = DEFAULT_GRACE_MS, days = grace === 0 ? 'all' : 'due', day } = wanted;
  const isOver = (one: string): boolean => grace === 0 || endOf(one) + grace <= now;
  if (day !== undefined) {
    if (!isOver(day))
      throw new RangeError(
        `sweep: the day ${day} has not been over for the grace period, ${grace} ms; ask later, or for less`,
      );
    return present.filter((one) => one === day);
  }
  if (days === 'all') return present.filter(isOver);
  const isDue = (one: string): boolean =>
    [grace, AGAIN_MS].some((after) => {
      const due = endOf(one) + after;
      return since < due && due <= now;
    });
  return present.filter((one) => isOver(one) && isDue(one));
}

function endOf(day: string): number {
  return Date.parse(day) + DAY_MS;
}

/** A position as text, for whoever keeps it. */
export function writePosition({ days, after }: Position): string {
  return Buffer.from(JSON.stringify([after, ...days])).toString('base64url');
}

/** @throws TypeError for a text that is none */
export function readPosition(text: string): Position {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch (error) {
    throw notAPosition(error);
  }
  if (!isListOf(value, () => true)) throw notAPosition();
  const [after, ...days] = value;
  if (after === undefined || !days.every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))) throw notAPosition();
  return { days, after };
}

function notAPosition(cause?: unknown): TypeError {
  return new TypeError('sweep: option "next" must be the next of a report, got another text', { cause });
}
