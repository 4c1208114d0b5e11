/**
 * What built files import, read from their text.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The specifiers of all imports in a file, lazy ones included. */
export function specifiersIn(file: string): string[] {
  const matches = readFileSync(file, 'utf8').matchAll(
    /(?:^(?:import|export)\b[^'";]*|\bimport\()['"]([^'"\n]+)['"]/gm,
  );
  return [...matches].map(([, specifier = '']) => specifier);
}

/** The packages that a declaration file and its neighbours import, sorted. */
export function packagesBehind(declarations: string): string[] {
  const packages = new Set<string>();
  const files = [declarations];
  const seen = new Set(files);
  for (const file of files) {
    for (const specifier of specifiersIn(file)) {
      if (!specifier.startsWith('.')) {
        packages.add(specifier);
        continue;
      }
      const next = join(dirname(file), specifier.replace(/\.js$/, '.d.ts'));
      if (!seen.has(next)) files.push(next); // a for…of over an array also sees what is added on the way
      seen.add(next);
    }
  }
  return [...packages].toSorted();
}

/** The packages whose code is in bundles, by their source maps: `name` → the folder it was taken from. */
export function packagesInside(sourceMaps: readonly string[]): Map<string, string> {
  const inside = new Map<string, string>();
  for (const map of sourceMaps) {
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] }; // by the source map format
    for (const source of sources) {
      const [, folder, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(source) ?? [];
      if (folder !== undefined && name !== undefined) inside.set(name, folder);
    }
  }
  return inside;
}
