/**
 * JSON with the types it really has.
 *
 * @module
 */

/**
 * The JSON of a value, or `undefined` for what JSON has no form for: `undefined`, functions and symbols. The built-in
 * type leaves that out.
 */
export const toJson: (value: unknown) => string | undefined = JSON.stringify;
