import { defineConfig, type Options } from 'tsup';

/**
 * The build of a library package: ESM, one file an entry, declarations beside it.
 *
 * @param entry - sources by the name of the file that `exports` in package.json points to
 * @param more - what this package needs beyond that
 */
export const library = (entry: Record<string, string>, more: Options = {}) =>
  defineConfig({
    entry,
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false,
    ...more,
  });
