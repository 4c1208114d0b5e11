/**
 * One file out of the function and all it needs.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** @param folder - gets `handler.mjs` and its source map */
export async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/handler.ts', import.meta.url))],
    outfile: `${folder}/handler.mjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // Within this repository, the packages' sources. A published package has no such condition, and needs none.
    conditions: ['@handlersmith/source'],
    // Parts of the SDK are CommonJS and ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    minify: true,
    sourcemap: 'linked',
    legalComments: 'linked',
  });
}
