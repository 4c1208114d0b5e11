/**
 * A bundled function in a process of its own, under Lambda's Node.js runtime client.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

import { type Outcome, startRuntimeApi } from './api.ts';

const runtimeClient = createRequire(import.meta.url).resolve('aws-lambda-ric');

export interface RunningFunction {
  invoke(event: unknown, timeout?: number): Promise<Outcome>;
  /** The lines written so far, parsed. */
  lines(): Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Bundles `functions/<name>.ts` as a deployment would, and starts it. */
export async function startFunction(
  name: string,
  environment: Record<string, string> = {},
): Promise<RunningFunction> {
  const folder = await mkdtemp(join(tmpdir(), 'function-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'functions', `${name}.ts`)],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['@handlersmith/source'],
    logLevel: 'error',
  });
  const api = await startRuntimeApi();
  const child = spawn(
    process.execPath,
    ['--require', join(import.meta.dirname, 'poller.cjs'), runtimeClient],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TZ: ':UTC',
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
        _HANDLER: 'index.handler',
        LAMBDA_TASK_ROOT: folder,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_FUNCTION_NAME: 'items',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/items',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        AWS_REGION: 'eu-west-1',
        ...environment,
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    invoke: (event, timeout) => api.invoke(event, timeout),
    lines: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    stop: async () => {
      await ended(child);
      await api.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
