/**
 * Documents that say how a bucket behaves.
 *
 * @module
 */
import type { Bucket, Configuration } from './state.ts';

/**
 * What a bucket's document says, read once.
 *
 * @param name - of the sub-resource
 */
export function configured<Meaning>(
  name: string,
  read: (document: string) => Meaning,
): (bucket: Bucket) => Meaning | undefined {
  const known = new WeakMap<Configuration, { readonly meaning: Meaning }>();
  return (bucket) => {
    const configuration = bucket.configurations.get(name);
    if (configuration === undefined) return undefined;
    const found = known.get(configuration) ?? { meaning: read(configuration.document) };
    known.set(configuration, found);
    return found.meaning;
  };
}
