/**
 * Bundles a source for programs that look at it and do not run it as a function.
 *
 * @module
 */
import { dirname, resolve } from 'node:path';

import { conditionsHere } from '../conditions.ts';
import { type Bundle, bundle } from './bundle.ts';

export interface BundleSourceOptions {
  /** Folder that the code believes to be in. Default: that of the source. */
  folder?: string;
  /** Conditions by which package exports are resolved. Default: those this process was started with. */
  conditions?: readonly string[];
  /** Packages that are not bundled. Those with native parts never are. */
  external?: readonly string[];
}

/**
 * Bundles a source as functions are bundled when a template is played, or takes what an earlier run made of it.
 *
 * @param source - a file of TypeScript or JavaScript; the latter stays as it lies there
 * @returns the file to be imported, or what is wrong with the source. Never rejects for that
 * @example
 * const bundle = await bundleSource('src/handler.ts');
 * if (bundle.ok) console.log(await import(pathToFileURL(bundle.file).href));
 */
export function bundleSource(source: string, options: BundleSourceOptions = {}): Promise<Bundle> {
  const file = resolve(source);
  const { folder = dirname(file), conditions = conditionsHere(), external = [] } = options;
  return bundle(file, { folder, conditions, external });
}
