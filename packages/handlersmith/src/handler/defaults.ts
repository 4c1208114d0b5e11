/**
 * Options on top of defaults, for the factories of all triggers.
 *
 * @module
 */
import { isObject } from './object.ts';

/** The type of options on top of defaults: own ones go first, `use` lists are joined. */
export type Merged<Defaults, Options> = Omit<Defaults, keyof Options> &
  Omit<Options, 'use'> &
  MergedUse<Defaults, Options>;

type MergedUse<Defaults, Options> = Options extends { readonly use: infer Own extends readonly unknown[] }
  ? Defaults extends { readonly use: infer Shared extends readonly unknown[] }
    ? { readonly use: readonly [...Shared, ...Own] }
    : { readonly use: Own }
  : object;

/** Options on top of defaults. Neither is changed. */
export function extended<Options extends object>(defaults: object, options: Options): Options {
  // The check of options tells.
  if (!isObject(options) || Array.isArray(options)) return options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // Own entries of Options, and defaults for what it leaves out.
  const merged = { ...defaults, ...given } as Options;
  const [shared, own] = [listOf(defaults), listOf(options)];
  // Joined only where both are lists: any other `use` is left for the check of options to refuse.
  return shared === undefined || own === undefined ? merged : { ...merged, use: [...shared, ...own] };
}

function listOf(options: object): readonly unknown[] | undefined {
  return 'use' in options && Array.isArray(options.use) ? options.use : undefined;
}

/** A factory, and more of its kind with other defaults. */
export type Extendable<Factory, Defaults> = Factory & {
  extend: (more: Defaults) => Extendable<Factory, Defaults>;
};

/**
 * A factory with `extend`. Callers mark the call as pure, so that bundles leave out the factories nobody uses.
 *
 * @param name - the factory's name, for messages
 * @param check - checks the defaults given to `extend`; gets the name to begin its messages with
 * @param make - makes the factory that has these defaults
 * @param defaults - what the factory begins with
 */
export function extendable<Defaults extends object, Factory extends (...parameters: never) => unknown>(
  name: string,
  check: (factory: string, defaults: Defaults) => void,
  make: (defaults: Defaults) => Factory,
  defaults: Defaults,
): Extendable<Factory, Defaults> {
  return Object.assign(make(defaults), {
    extend: (more: Defaults) => {
      check(`${name}.extend`, more);
      return extendable(name, check, make, extended(defaults, more));
    },
  });
}
