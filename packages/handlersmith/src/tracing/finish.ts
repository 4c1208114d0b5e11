/**
 * Doing something when work ends, whichever way it ends.
 *
 * @module
 */

/** How work ended. */
export type Ending =
  | { readonly failed: false; readonly value: unknown }
  | { readonly failed: true; readonly error: unknown };

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * Runs work and calls `end` once it has returned, thrown, or its promise has settled.
 *
 * @param run - the work, synchronous or not
 * @param end - must not throw
 * @returns what `run` returned, or a promise of it; what it throws is thrown on
 */
export function finishing<T>(run: () => T, end: (ending: Ending) => void): T {
  let result: T;
  try {
    result = run();
  } catch (error) {
    end({ failed: true, error });
    throw error;
  }
  if (!isThenable(result)) {
    end({ failed: false, value: result });
    return result;
  }
  const settled = Promise.resolve(result).then(
    (value) => {
      end({ failed: false, value });
      return value;
    },
    (error: unknown) => {
      end({ failed: true, error });
      throw error;
    },
  );
  // the promise of a promise's value: the same type as the promise
  return settled as T;
}
