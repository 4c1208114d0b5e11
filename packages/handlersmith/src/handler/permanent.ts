/**
 * Failures that no retry will mend.
 *
 * @module
 */

/** A failure that no retry will mend. Triggers whose records come again make it with `permanent(…)`. */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}
