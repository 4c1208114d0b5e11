/**
 * The second parameter of the factories: one function, or one for each kind of thing.
 *
 * @module
 */

type Run = (input: object) => unknown;

/** The functions by name. */
export type Functions<Name extends string> = { readonly [Key in Name]?: Run } & { readonly close?: Run };

/**
 * Reads the second parameter of a factory.
 *
 * @param names - what there are functions for; one function serves them all
 * @param window - whether there is an end of a window to be told of
 * @throws TypeError naming what is wrong
 */
export function functionsOf<Name extends string>(
  factory: string,
  names: readonly Name[],
  window: boolean,
  given: unknown,
): Functions<Name> {
  if (typeof given === 'function') {
    return Object.fromEntries(names.map((name) => [name, given])) as Functions<Name>; // just these names
  }
  const known = window ? [...names, 'close'] : names;
  const expected = `a function, or an object with one for ${known.join(', ')}`;
  if (typeof given !== 'object' || given === null)
    throw new TypeError(
      `${factory}: the second parameter must be ${expected}, got ${given === null ? 'null' : typeof given}`,
    );
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (name === 'close' && !window) throw new TypeError(`${factory}: "close" needs the option "window"`);
    if (!known.some((each) => each === name))
      throw new TypeError(`${factory}: unknown function "${name}". Known: ${known.join(', ')}`);
    if (typeof value !== 'function')
      throw new TypeError(`${factory}: "${name}" must be a function, got ${typeof value}`);
  }
  if (!entries.some(([name]) => name !== 'close'))
    throw new TypeError(`${factory}: the second parameter must be ${expected}: it has none`);
  return Object.fromEntries(entries) as Functions<Name>; // looked at above
}
