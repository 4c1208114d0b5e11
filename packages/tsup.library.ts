import { defineConfig } from 'tsup';

/** The build of a library package: ESM, one file an entry, declarations beside it. */
export const library = (entry: Record<string, string>) =>
  defineConfig({
    entry,
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
  });
