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
  /** The source as it was before goes on running. */
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

export interface SourceOptions extends BundleOptions {
  readonly watch: boolean;
  /** Whether the process runs Lambda's runtime client and needs what stands in for a part of it, not our runtime. */
  readonly withStandIn: boolean;
  /** Told of each change: new environments are needed where it went well. */
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

  const make = async (): Promise<{ source: Source; bundle: Bundle }> => {
    const made = await bundle(declared.source, options);
    if (made.ok) good = made;
    const sources = (good?.inputs ?? [declared.source]).filter((path) => !path.includes('node_modules'));
    const places = made.ok ? [] : made.problems.flatMap(({ file }) => file ?? []);
    watcher?.watch([...sources, ...places], !made.ok);
    if (good === undefined) {
      const source = made.ok ? failedSource('Runtime.Unknown', 'There is no source') : made;
      return { source, bundle: made };
    }
    try {
      return { source: { ok: true, file: good.file, runtime: await runtime }, bundle: made };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { source: failedSource('Runtime.Unknown', message), bundle: made };
    }
  };
  /** One build after the other, so that the last one to end is of the newest source. */
  const look = (tell: boolean): void => {
    current = current.then(async () => {
      const { source, bundle: made } = await make();
      if (tell && !over) options.onChange(made.ok ? { ok: true } : { ok: false, problems: made.problems });
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

function failedSource(errorType: string, errorMessage: string): Source {
  return { ok: false, error: { errorType, errorMessage, trace: [] } };
}

/** A file of ours that runs in the function's process: source in the repository, built where the package is installed. */
function ownFile(path: 'runtime/main' | 'client/standin'): string {
  const here = fileURLToPath(import.meta.url);
  const built = path === 'runtime/main' ? 'runtime.js' : 'standin.js';
  return join(dirname(here), extname(here) === '.ts' ? `${path}.ts` : built);
}
