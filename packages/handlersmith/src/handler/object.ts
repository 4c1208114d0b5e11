/**
 * Telling objects from values.
 *
 * @module
 */

/** Tells an object, list or error; `null` and functions are none. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Tells an object that has a method of this name. */
export function hasMethod(value: unknown, name: string): boolean {
  return isObject(value) && typeof Reflect.get(value, name) === 'function';
}
