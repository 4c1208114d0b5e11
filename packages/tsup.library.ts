import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { defineConfig, type Options } from 'tsup';

/**
 * The build of a library package: ESM, a file for every entry that its package.json exports, declarations beside it.
 *
 * @param folder - the package's, absolute
 * @param more - what this package needs beyond that
 * @param programs - sources of files that are run and not imported, by name
 */
export const library = (
  folder: string,
  more: Options = {},
  programs: Readonly<Record<string, string>> = {},
) =>
  defineConfig({
    entry: { ...entriesOf(folder), ...programs },
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false,
    ...more,
  });

/** Sources by the name of the built file, as `exports` pairs them. */
function entriesOf(folder: string): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { '@handlersmith/source': string; default: string }>>;
  }; // checked by publint
  const entries: Record<string, string> = {};
  for (const target of Object.values(exports)) {
    if (typeof target === 'string') continue;
    const source = target['@handlersmith/source'];
    entries[basename(target.default, '.js')] = source.replace('./', '');
  }
  return entries;
}
