/**
 * A folder for each function, with one file out of it and all it needs. What has native parts stays outside.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';

import { build, type Metafile } from 'esbuild';

const FUNCTIONS = ['api', 'changes', 'report', 'sweep', 'thumbnail', 'worker'] as const;

/** Those that need sharp beside them. */
export const WITH_SHARP = ['thumbnail', 'worker'] as const;

/**
 * @param folder - gets `api/api.mjs` and so on, with source maps
 * @returns what each is made of
 */
export async function bundle(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: FUNCTIONS.map((name) => ({
      in: fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)),
      out: `${name}/${name}`,
    })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['sharp'],
    // Within this repository, the packages' sources. A published package has no such condition, and needs none.
    conditions: ['@handlersmith/source'],
    // Parts of the SDK are CommonJS and ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    minify: true,
    sourcemap: 'linked',
    legalComments: 'linked',
    metafile: true,
  });
  return metafile;
}
