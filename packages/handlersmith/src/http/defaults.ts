/**
 * HTTP options on top of defaults.
 *
 * @module
 */
import { type Extendable, extendable as extendableWith } from '../handler/defaults.ts';
import { checkHttpOptions, type HttpOptions, httpRules } from './options.ts';

export { extended, type Merged } from '../handler/defaults.ts';

/**
 * A factory of HTTP handlers with `extend`. Callers mark the call as pure, so that bundles leave out the factories
 * nobody uses.
 *
 * @param name - the factory's name, for messages
 * @param make - makes the factory that has these defaults
 */
export function extendable<Factory extends (...parameters: never) => unknown>(
  name: string,
  make: (defaults: HttpOptions) => Factory,
): Extendable<Factory, HttpOptions> {
  return extendableWith(
    name,
    (factory, defaults) => checkHttpOptions(factory, defaults, httpRules),
    make,
    {},
  );
}
