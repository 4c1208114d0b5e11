/**
 * Telling promises from values.
 *
 * @module
 */

/** Tells a promise, native or not. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
