/**
 * Bundles a candidate the way an application is deployed: one minified ES module, the AWS SDK left to the runtime.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises';

import { build, type BuildOptions, type Metafile } from 'esbuild';

import { compiledValidators } from './validators.ts';

/** A candidate, ready to be measured. */
export interface Bundle {
  /** Absolute path of the ES module. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
  /** What each npm package put in, in bytes, largest first; the candidate's own code counts as `(own)`. */
  readonly bytesByPackage: Readonly<Record<string, number>>;
}

export interface BundleSettings {
  /** Absolute path of the file to write. */
  readonly outfile: string;
  /** False keeps function names, for profiles. Default true. */
  readonly minify?: boolean;
  /** Extra `exports` conditions; `@handlersmith/source` bundles the library from source. */
  readonly conditions?: readonly string[];
}

const requireBanner =
  'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);';

/**
 * Bundles one entry.
 *
 * @param entry - absolute path of the source
 * @param settings - where to, and how
 * @returns the bundle and where its bytes come from
 * @throws when esbuild finds an error
 */
export async function bundle(entry: string, settings: BundleSettings): Promise<Bundle> {
  const { outfile, minify = true, conditions = [] } = settings;
  const options = {
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    external: ['@aws-sdk/client-*', '@aws-sdk/lib-*', '@aws-sdk/s3-request-presigner'],
    legalComments: 'none',
    plugins: [compiledValidators],
    metafile: true,
    logLevel: 'error',
  } as const satisfies BuildOptions;

  let result = await build(options);
  // Only what bundles CommonJS with a require() of a built-in needs one, and only that should pay for it.
  if ((await readFile(outfile, 'utf8')).includes('Dynamic require of')) {
    result = await build({ ...options, banner: { js: requireBanner } });
  }
  return { file: outfile, bytes: (await stat(outfile)).size, bytesByPackage: byPackage(result.metafile) };
}

function byPackage(metafile: Metafile): Record<string, number> {
  const sizes = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = packageOf(path);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return Object.fromEntries([...sizes].toSorted(([, a], [, b]) => b - a));
}

function packageOf(path: string): string {
  const inDependencies = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  if (inDependencies?.[1]) return inDependencies[1];
  return /\/(?:dist|src)\/|^(?:dist|src)\//.test(path) ? 'handlersmith' : '(own)';
}
