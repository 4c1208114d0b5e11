/**
 * From a function's source to one file that Node.js runs.
 *
 * @module
 */
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BuildFailure, BuildOptions, Message, Metafile } from 'esbuild';

import type { ReportedError } from '../protocol.ts';
import { openCache } from './cache.ts';
import type { Kept } from './cache.ts';
import { nativePackages } from './native.ts';

/** Something in the source that keeps it from being bundled. */
export interface SourceProblem {
  readonly message: string;
  /** Absolute path. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export type Bundle =
  | ({ readonly ok: true } & Kept)
  | { readonly ok: false; readonly error: ReportedError; readonly problems: readonly SourceProblem[] };

export interface BundleOptions {
  /** Absolute folder that the code believes to be in. */
  readonly folder: string;
  /** Conditions of package exports, besides Node's own. */
  readonly conditions: readonly string[];
  /** Names of packages that stay where they are. */
  readonly external: readonly string[];
}

/**
 * Bundles a source, or takes what an earlier run made of it. JavaScript is run as it lies there: it is what will be
 * deployed.
 *
 * @param source - absolute path
 */
export async function bundle(source: string, options: BundleOptions): Promise<Bundle> {
  const { conditions, external, folder } = options;
  const javaScript = /^\.[cm]?js$/.test(extname(source));
  try {
    const cache = await openCache(source, [folder, conditions, external, javaScript, FORMAT]);
    const kept = await cache.find();
    const as = (made: Kept): Bundle => ({ ok: true, ...made, ...(javaScript && { file: source }) });
    if (kept !== undefined) return as(kept);

    const { build } = await import('esbuild');
    const built = await build({
      ...OPTIONS,
      entryPoints: [source],
      outfile: 'bundle.mjs',
      absWorkingDir: dirname(source),
      conditions: [...conditions],
      external: [...external],
      define: whereabouts(source, folder),
      banner: { js: banner(source, folder) },
      ...(javaScript ? { packages: 'external' as const } : { plugins: [nativePackages] }),
    });
    const inputs = Object.keys(built.metafile.inputs).map((path) => resolve(dirname(source), path));
    const [map, code] = ['.map', '.mjs'].map((end) =>
      built.outputFiles.find(({ path }) => path.endsWith(end)),
    );
    if (code === undefined) throw new TypeError('esbuild gave no output');
    const exports = javaScript ? undefined : exportsOf(built.metafile, code.text);
    return as(
      await cache.keep({
        code: code.contents,
        map: map && absolute(map.contents, dirname(map.path)),
        inputs,
        ...(exports !== undefined && { exports }),
      }),
    );
  } catch (error) {
    // The process that loads it says better what is wrong with it.
    if (javaScript) return { ok: true, file: source, inputs: [source] };
    return failed(error, source);
  }
}

/** Bundles a file of our own, which a function's process runs. */
export async function bundleRuntime(file: string): Promise<string> {
  const made = await bundle(file, { folder: dirname(file), conditions: [], external: [] });
  if (!made.ok) throw new Error(made.error.errorMessage);
  return made.file;
}

/** Changes when the same source is bundled in another way. */
const FORMAT = `2 ${process.versions.node}`;

const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: `node${process.versions.node.split('.')[0]}`,
  write: false,
  metafile: true,
  sourcemap: 'external',
  sourcesContent: false,
  keepNames: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** What a module offers by name; a default export, or all of a package, may hold more. */
function exportsOf({ outputs }: Metafile, code: string): readonly string[] | undefined {
  const names = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.exports ?? [];
  return names.includes('default') || /^export \* from/mu.test(code) ? undefined : names;
}

/** Where the deployed bundle would lie, and files beside it. */
function whereabouts(source: string, folder: string): Record<string, string> {
  const file = join(folder, `${source.slice(dirname(source).length + 1, -extname(source).length)}.mjs`);
  return {
    'import.meta.url': JSON.stringify(pathToFileURL(file).href),
    'import.meta.dirname': JSON.stringify(folder),
    'import.meta.filename': JSON.stringify(file),
  };
}

/** What CommonJS packages expect to find. */
function banner(source: string, folder: string): string {
  return [
    `import { createRequire as handlersmithRequire } from 'node:module';`,
    `const require = handlersmithRequire(${JSON.stringify(source)});`,
    `const __dirname = ${JSON.stringify(folder)};`,
    `const __filename = ${JSON.stringify(source)};`,
  ].join('');
}

/** The bundle lies elsewhere than esbuild was told: its map must not depend on it. */
function absolute(map: Uint8Array, folder: string): Uint8Array {
  const parsed = JSON.parse(Buffer.from(map).toString()) as { sources: string[] }; // made by esbuild
  parsed.sources = parsed.sources.map((path) => pathToFileURL(resolve(folder, path)).href);
  return Buffer.from(JSON.stringify(parsed));
}

function failed(error: unknown, source: string): Bundle {
  const errors = (error as Partial<BuildFailure>).errors ?? []; // looked at before use
  const problems = errors.map((message) => problemOf(message, dirname(source)));
  if (problems.length === 0)
    problems.push({ message: error instanceof Error ? error.message : String(error) });
  const missing = errors.some(({ text }) => text.startsWith('Could not resolve'));
  return {
    ok: false,
    problems,
    error: {
      errorType: missing ? 'Runtime.ImportModuleError' : 'Runtime.UserCodeSyntaxError',
      errorMessage: problems.map(sentence).join('\n'),
      trace: [],
    },
  };
}

function problemOf({ text, location }: Message, folder: string): SourceProblem {
  if (location === null) return { message: text };
  const file = isAbsolute(location.file) ? location.file : resolve(folder, location.file);
  return { message: text, file, line: location.line, column: location.column + 1 };
}

function sentence({ message, file, line, column }: SourceProblem): string {
  return file === undefined ? message : `${message} (${file}:${line}:${column})`;
}
