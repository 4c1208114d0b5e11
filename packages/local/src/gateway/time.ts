/**
 * The time as API Gateway writes it.
 *
 * @module
 */

/** `12/Mar/2020:19:03:58 +0000`, from milliseconds since 1970. */
export function commonLogTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
