/**
 * Packages that may or may not be installed.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The folder of an installed package, as seen from here or from where the process was started.
 *
 * @returns undefined where it is not installed
 */
export function packageFolder(name: string): string | undefined {
  for (const origin of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json'))]) {
    try {
      return dirname(createRequire(origin).resolve(`${name}/package.json`));
    } catch {
      // Not installed on this side; the other may have it.
    }
  }
  return undefined;
}
