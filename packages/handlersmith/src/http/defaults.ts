/**
 * Options on top of defaults.
 *
 * @module
 */
import type { Middleware } from '../handler/middleware.ts';
import { checkHttpOptions, type HttpOptions, httpRules } from './options.ts';

/** The type of options on top of defaults: own ones go first, `use` lists are joined. */
export type Merged<Defaults, Options> = Omit<Defaults, keyof Options> &
  Omit<Options, 'use'> &
  MergedUse<Defaults, Options>;

type MergedUse<Defaults, Options> = Options extends { readonly use: infer Own extends readonly unknown[] }
  ? Defaults extends { readonly use: infer Shared extends readonly unknown[] }
    ? { readonly use: readonly [...Shared, ...Own] }
    : { readonly use: Own }
  : object;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Options on top of defaults. Neither is changed. */
export function extended<Options extends HttpOptions>(defaults: HttpOptions, options: Options): Options {
  if (!isObject(options)) return options; // the check of options tells
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // Own entries of Options, and defaults for what it leaves out.
  const merged = { ...defaults, ...given } as Options;
  // Joined only where both are lists: any other `use` is left for the check of options to refuse.
  return defaults.use !== undefined && Array.isArray(options.use)
    ? { ...merged, use: [...defaults.use, ...(options.use as readonly Middleware[])] }
    : merged;
}

/** A factory, and more of its kind with other defaults. */
type Extendable<Factory> = Factory & { extend: (more: HttpOptions) => Extendable<Factory> };

/**
 * A factory with `extend`. Callers mark the call as pure, so that bundles leave out the factories nobody uses.
 *
 * @param name - the factory's name, for messages
 * @param make - makes the factory that has these defaults
 */
export function extendable<Factory extends (...parameters: never) => unknown>(
  name: string,
  make: (defaults: HttpOptions) => Factory,
  defaults: HttpOptions = {},
): Extendable<Factory> {
  return Object.assign(make(defaults), {
    extend: (more: HttpOptions) => {
      checkHttpOptions(`${name}.extend`, more, httpRules);
      return extendable(name, make, extended(defaults, more));
    },
  });
}
