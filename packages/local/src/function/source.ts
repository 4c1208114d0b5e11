/**
 * A function's source: bundled when it is needed, again after each change.
 *
 * @module
 */
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { AppFunction } from '../template/app.ts';
import {
  type Bundle,
  bundle,
  type BundleOptions,
  bundleRuntime,
  type SourceProblem,
} from './bundle/bundle.ts';
import { watchFiles } from './bundle/watch.ts';
import type { Source } from './pool.ts';

/** What a change of the source led to. */
export type Reload =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly problems: readonly SourceProblem[];
      /** Whether the source as it was before goes on running: there is none at the start. */
      readonly earlier: boolean;
    };

export interface SourceOptions extends BundleOptions {
  readonly watch: boolean;
  /** Whether the process runs Lambda's runtime client and needs what stands in for a part of it, not our runtime. */
  readonly withStandIn: boolean;
  /** Told of each change: new environments are needed where it went well. At the start, told of faults alone. */
  readonly onChange: (reload: Reload) => void;
}

export interface FunctionSource {
  /** The source as it can be run: the newest, or where that has faults the one before. */
  readonly current: () => Promise<Source>;
  /** Looks at the source again. */
  renew(): void;
  close(): Promise<void>;
}

/** Starts to bundle at once. */
export function functionSource(declared: AppFunction, options: SourceOptions): FunctionSource {
  const runtime = bundleRuntime(ownFile(options.withStandIn ? 'client/standin' : 'runtime/main'));
  // Whoever needs it is told.
  runtime.catch(() => {});
  let good: (Bundle & { readonly ok: true }) | undefined;
  let current: Promise<Source> = Promise.resolve(failedSource('Runtime.Unknown', 'There is no source yet'));
  let over = false;
  const watcher = options.watch ? watchFiles(() => look(true)) : undefined;

  const make = async (): Promise<{ source: Source; problems: readonly SourceProblem[] }> => {
    const made = await bundle(declared.source, options);
    const problems = made.ok ? missingHandler(made.exports, declared) : made.problems;
    if (made.ok && problems.length === 0) good = made;
    const sources = (good?.inputs ?? [declared.source]).filter((path) => !path.includes('node_modules'));
    const places = problems.flatMap(({ file }) => file ?? []);
    watcher?.watch([...sources, ...places], problems.length > 0);
    if (good === undefined && !made.ok) return { source: made, problems };
    // Without an earlier one, what it comes to without its handler is for the runtime to say.
    const { file } = good ?? (made as Bundle & { readonly ok: true }); // looked at above
    try {
      return { source: { ok: true, file, runtime: await runtime }, problems };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { source: failedSource('Runtime.Unknown', message), problems };
    }
  };
  /** One build after the other, so that the last one to end is of the newest source. */
  const look = (isChange: boolean): void => {
    current = current.then(async () => {
      const { source, problems } = await make();
      if (over) return source;
      if (problems.length > 0) options.onChange({ ok: false, problems, earlier: good !== undefined });
      else if (isChange) options.onChange({ ok: true });
      return source;
    });
  };
  look(false);

  return {
    current: () => current,
    renew: () => look(true),
    async close() {
      over = true;
      watcher?.close();
      await current;
      await Promise.allSettled([runtime]);
    },
  };
}

/** A module that can be run and does not export the handler is as good as none. */
function missingHandler(
  exports: readonly string[] | undefined,
  { source, exported }: AppFunction,
): readonly SourceProblem[] {
  const [name = ''] = exported.split('.');
  if (exports === undefined || exports.includes(name)) return [];
  const there = exports.length === 0 ? 'nothing' : exports.join(', ');
  return [{ message: `no export "${name}", which is the handler; exported: ${there}`, file: source }];
}

function failedSource(errorType: string, errorMessage: string): Source {
  return { ok: false, error: { errorType, errorMessage, trace: [] } };
}

/** A file of ours that runs in the function's process: source in the repository, built where the package is installed. */
function ownFile(path: 'runtime/main' | 'client/standin'): string {
  const here = fileURLToPath(import.meta.url);
  const built = path === 'runtime/main' ? 'runtime.js' : 'standin.js';
  return join(dirname(here), extname(here) === '.ts' ? `${path}.ts` : built);
}
