/**
 * Processes that run the function, started and killed.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

export interface Bundle extends AsyncDisposable {
  /** Starts the function. Resolves once it listens. */
  start(environment: Readonly<Record<string, string>>): Promise<Running>;
}

export interface Running {
  readonly url: string;
  /** SIGKILL: nothing of it goes on, and nothing is tidied up. */
  kill(): Promise<void>;
}

/** Bundles the function as a deployment would, so that it starts fast enough to be killed often. */
export async function bundle(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'handlersmith-crash-'));
  const file = join(folder, 'index.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'function.ts')],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@handlersmith/source'],
    // Some packages of the SDK are CommonJS, and ask for Node's modules by require().
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const children = new Set<ChildProcess>();
  const kill = async (child: ChildProcess): Promise<void> => {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return {
    start: async (environment) => {
      const child = spawn(process.execPath, [file], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], ...environment },
      });
      children.add(child);
      const [line] = (await once(child.stdout, 'data')) as [Buffer]; // what a stream without encoding gives
      return { url: `http://127.0.0.1:${line.toString().trim()}`, kill: () => kill(child) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...children].map(kill));
      await rm(folder, { recursive: true });
    },
  };
}
