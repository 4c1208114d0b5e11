/**
 * What was thrown, in words.
 *
 * @module
 */

/** The text of a value that is no error. Never throws, whatever was thrown: an object without a prototype has no text. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a value of type ${typeof thrown}`;
  }
}
