/**
 * The parent's end of a worker.
 *
 * @module
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { lambdaEnvironment } from '../job/lambda.ts';
import type { AnyScenario } from '../job/scenario.ts';
import type { Reply, Request } from './worker.ts';

/** A candidate that waits to be invoked. */
export interface Worker {
  /** The status of its first answer. */
  readonly status: number | undefined;
  /**
   * @param request - what to do
   * @returns the worker's reply
   * @throws when the candidate ends the process
   */
  ask<Kind extends Request['kind']>(
    request: Request & { kind: Kind },
  ): Promise<Extract<Reply, { kind: Kind }>>;
  stop(): void;
}

/** Absolute paths of bundles. */
export interface WorkerFiles {
  /** `measure/worker.ts`. */
  readonly worker: string;
  /** The candidate. */
  readonly bundle: string;
}

/**
 * Starts a worker and waits until it has loaded its candidate.
 *
 * @param files - the worker and the candidate
 * @param scenario - the event it answers
 * @param flags - for node
 * @returns the worker
 * @throws when the candidate cannot be loaded
 */
export async function startWorker(
  files: WorkerFiles,
  scenario: AnyScenario,
  flags: readonly string[] = [],
): Promise<Worker> {
  const child = fork(files.worker, [files.bundle, scenario], {
    env: lambdaEnvironment,
    execArgv: [...flags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => {
    complaint += text.toString();
  });
  const ready = await nextMessage(child, () => complaint);
  return {
    status: ready.kind === 'ready' ? ready.status : undefined,
    async ask(request) {
      child.send(request);
      const reply = await nextMessage(child, () => complaint);
      // A worker answers a request with a reply of the same kind.
      return reply as Extract<Reply, { kind: typeof request.kind }>;
    },
    stop() {
      child.disconnect();
    },
  };
}

async function nextMessage(child: ChildProcess, complaint: () => string): Promise<Reply> {
  const done = new AbortController();
  const { signal } = done;
  try {
    const message = once(child, 'message', { signal });
    const exit = once(child, 'exit', { signal });
    // Whichever loses is aborted below, and says so by rejecting.
    message.catch(() => {});
    exit.catch(() => {});
    const [first] = (await Promise.race([message, exit])) as [Reply | number | null];
    if (first === null || typeof first === 'number')
      throw new Error(`a worker ended with ${first}: ${complaint()}`);
    return first;
  } finally {
    done.abort();
  }
}
