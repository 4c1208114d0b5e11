/**
 * Monotonic time.
 *
 * @module
 */

/**
 * Milliseconds on a clock that never jumps, with fractions. Not `performance.now()`: the first touch of `performance`
 * costs a cold start 13 million instructions, more than the rest of a first request.
 */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1_000_000;
}
