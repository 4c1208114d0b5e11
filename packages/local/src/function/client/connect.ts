/**
 * A process with Lambda's own runtime client in it.
 *
 * @module
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Connect } from '../channel.ts';
import { startNode } from '../process.ts';
import { startRuntimeApi } from './api.ts';

export interface ClientProcess {
  readonly flags: readonly string[];
  /** The client's own file. */
  readonly client: string;
  /** Stands in for the client's compiled part where that is not there. */
  readonly standIn: string;
  /** The function's module. */
  readonly file: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the client over a Runtime API of its own. */
export function overRuntimeApi(start: ClientProcess): Connect {
  return async (events) => {
    const api = await startRuntimeApi(events);
    const root = await taskRoot(start);
    const compiled = existsSync(join(dirname(start.client), 'rapid-client.node'));
    const process = startNode(
      [...start.flags, ...(compiled ? [] : ['--import', pathToFileURL(start.standIn).href]), start.client],
      {
        ...start.environment,
        LAMBDA_TASK_ROOT: root,
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
      },
      start.folder,
    );
    return {
      process,
      invoke: api.invoke,
      async close() {
        await api.close();
        await rm(root, { recursive: true, force: true });
      },
    };
  };
}

/**
 * Finds the client where the function's source or this package has it.
 *
 * @throws Error where it is not installed
 */
export function findRuntimeClient(source: string): string {
  let problem: unknown;
  for (const place of [source, import.meta.url]) {
    try {
      return createRequire(place).resolve('aws-lambda-ric');
    } catch (error) {
      problem = error;
    }
  }
  throw new Error(
    'startFunction: option "runtimeClient" needs the package aws-lambda-ric: install it beside the function',
    { cause: problem },
  );
}

/** The client finds modules by the handler's name alone: a folder in which that name leads to the bundle. */
async function taskRoot({ file, environment }: ClientProcess): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'handlersmith-task-'));
  const [, path = 'index'] = /^([^.]*)\./.exec(environment['_HANDLER'] ?? '') ?? [];
  const module = join(root, `${path}.mjs`);
  const target = JSON.stringify(pathToFileURL(file).href);
  await mkdir(dirname(module), { recursive: true });
  await writeFile(module, `export * from ${target};\n`);
  return root;
}
