/**
 * What the library adds to a function's bundle.
 *
 * @module
 */
import { build, type Plugin } from 'esbuild';

import { folderOf } from '../build/workspace.ts';

/**
 * Bundles and minifies code as it would be deployed, from the build.
 *
 * @param code - the source of a function
 * @param leaveOut - packages and files that are not to be in it
 * @returns the text of the bundle
 */
export async function bundled(code: string, leaveOut: RegExp = /^@aws-sdk\//): Promise<string> {
  const leftOut: Plugin = {
    name: 'left-out',
    setup(context) {
      context.onResolve({ filter: leaveOut }, ({ path }) => ({ path, external: true }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folderOf('handlersmith'), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    plugins: [leftOut],
    write: false,
    logLevel: 'error',
  });
  return outputFiles.map(({ text }) => text).join('');
}
