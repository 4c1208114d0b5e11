/**
 * Functions for tests: written into a folder of their own, closed and deleted when the test is over.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach } from 'vitest';

import type { AppFunction } from '../template/app.ts';
import {
  type FunctionInvocation,
  type FunctionOptions,
  type FunctionResult,
  type LocalFunction,
  startFunction,
} from './index.ts';

export const TRACE = 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Parent=53995c3f42cd8ad8;Sampled=1';

export interface Played {
  readonly function: LocalFunction;
  readonly folder: string;
  /** The lines of all invocations so far. */
  readonly lines: string[];
  call(event?: unknown, more?: Partial<FunctionInvocation>): Promise<FunctionResult>;
  /** The answer of a call that must go well. */
  answer(event?: unknown): Promise<unknown>;
  write(name: string, source: string): Promise<void>;
}

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  // What was made last goes first.
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp(); // oxlint-disable-line no-await-in-loop -- as above
});

/** Starts a function from the text of its module. */
export async function play(
  source: string,
  options: FunctionOptions = {},
  declared: Partial<AppFunction> = {},
  name = 'handler.ts',
): Promise<Played> {
  const folder = await mkdtemp(join(tmpdir(), 'handlersmith-function-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const write = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);
  await write(name, source);
  const running = startFunction(
    {
      id: 'Orders',
      name: 'orders-dev',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders-dev',
      place: { file: join(folder, 'template.yaml'), line: 1 },
      folder,
      source: join(folder, name),
      exported: 'handler',
      runtime: 'nodejs24.x',
      timeout: 20,
      memory: 512,
      environment: {},
      asynchronous: { retries: 2, maximumAge: 21_600 },
      ...declared,
    },
    { watch: false, shutdown: 300, ...options },
  );
  cleanUps.push(() => running.close());
  const lines: string[] = [];
  const call: Played['call'] = (event = {}, more = {}) =>
    running.invoke({
      requestId: randomUUID(),
      event: JSON.stringify(event),
      trace: TRACE,
      onLog: ({ text }) => lines.push(text),
      ...more,
    });
  return {
    function: running,
    folder,
    lines,
    call,
    write,
    async answer(event) {
      const result = await call(event);
      if (!result.ok || typeof result.payload !== 'string')
        throw new Error(`The call failed: ${JSON.stringify(result)}`);
      return JSON.parse(result.payload);
    },
  };
}

/** Whether a process is there. One that ended, and that nobody has asked how, is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
