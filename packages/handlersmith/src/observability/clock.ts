/**
 * The time on a log line.
 *
 * @module
 */

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
const threeDigits = (value: number): string =>
  value < 10 ? `00${value}` : value < 100 ? `0${value}` : `${value}`;

/** `2026-11-21T15:28:04.` in the zone of the process. */
function localSecond(date: Date): string {
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${day}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}.`;
}

/** `+05:30`: the minutes the zone of the process is ahead of UTC. */
function localOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(ahead / 60))}:${twoDigits(ahead % 60)}`;
}

/**
 * Makes the function that tells the time: ISO 8601 with milliseconds, in UTC, or with the offset of `TZ` where that is set,
 * as Powertools writes it.
 *
 * All but the milliseconds is kept for the rest of its second: most lines of an invocation are written in one.
 *
 * @param zone - the environment variable `TZ`; Lambda sets it to `:UTC`
 */
export function createClock(zone: string | undefined): () => string {
  const utc = zone === undefined || zone.trim() === '' || zone.includes('UTC');
  let second = Number.NaN;
  let start = '';
  let end = 'Z';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      const date = new Date(now);
      start = utc ? date.toISOString().slice(0, -4) : localSecond(date);
      if (!utc) end = localOffset(date);
      second = current;
    }
    return start + threeDigits(now - current * 1000) + end;
  };
}
