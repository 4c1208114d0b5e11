/**
 * Telling promises from values.
 *
 * @module
 */

import { isObject } from './object.ts';

/** Tells a promise, native or not. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function';
}

/**
 * Goes on with a value: at once, or when it is there. What needs no promise gets none.
 *
 * @param proceed - what to do with the value
 */
export function andThen<T, R>(value: T | PromiseLike<T>, proceed: (value: T) => R): R | Promise<Awaited<R>> {
  if (!isThenable(value)) return proceed(value);
  // `then` unwraps what it is given; a promise of another realm becomes one of ours first.
  return Promise.resolve(value).then(proceed) as Promise<Awaited<R>>;
}
