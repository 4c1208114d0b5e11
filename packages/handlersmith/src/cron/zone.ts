/**
 * From the time on the wall in some time zone to the instant it means.
 *
 * @module
 */

/** A time zone. Times on the wall are written as if they were UTC, in milliseconds since 1970. */
export interface Zone {
  /**
   * The instant of a time on the wall: the first of two where clocks went back, none where they went forward past it.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
   */
  instantOf(wall: number): number | undefined;
}

const DAY_MS = 86_400_000;

export const utc: Zone = { instantOf: (wall) => wall };

/**
 * A time zone by its name.
 *
 * @param name - an IANA name, such as `Europe/Berlin`
 * @returns `undefined` when there is no such zone
 */
export function zoneOf(name: string): Zone | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const offsetAt = (instant: number): number => wallAt(format, instant) - instant;
  return {
    instantOf: (wall) => {
      // No zone changes its clocks twice within two days: the offsets round about are all there are.
      const instants = [wall - offsetAt(wall - DAY_MS), wall - offsetAt(wall + DAY_MS)];
      const right = instants.filter((instant) => wallAt(format, instant) === wall);
      return right.length === 0 ? undefined : Math.min(...right);
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined; // a RangeError: no such zone
  }
}

function wallAt(format: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
