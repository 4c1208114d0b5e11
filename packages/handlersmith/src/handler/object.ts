/**
 * Telling objects from values.
 *
 * @module
 */

/** Tells an object, list or error; `null` and functions are none. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
