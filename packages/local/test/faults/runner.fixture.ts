/**
 * A runner in a process of its own, which tests may kill, and a look at what it leaves behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Where {
  readonly urls: Readonly<Record<string, string>>;
  readonly dynamodb: string;
  readonly s3: string;
  readonly sqs: string;
  readonly kinesis: string;
}

export interface Runner {
  readonly where: Where;
  /** What it wrote to standard error. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
  /** Where a path of the runner is, also on a disk that only it sees. */
  seenFromHere(path: string): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/**
 * Plays a template in another process.
 *
 * @param mark - a text that all processes of this runner have in their command or their environment
 * @param before - shell commands that come first, such as a limit
 * @param within - a command that runs it, such as `unshare`
 * @throws Error with what it said where it ends before it runs
 */
export async function startRunner(
  template: string,
  mark: string,
  {
    folder,
    before = ':',
    within = [],
  }: { readonly folder?: string; readonly before?: string; readonly within?: readonly string[] } = {},
): Promise<Runner> {
  const script = join(import.meta.dirname, 'runner.ts');
  const [command, ...words] = [...within, '/bin/sh'];
  const child = spawn(
    command,
    [
      ...words,
      '-c',
      `${before} && exec "$@"`,
      'sh',
      process.execPath,
      '--conditions=@handlersmith/source',
      script,
      template,
      ...(folder === undefined ? [] : [folder]),
    ],
    { env: { ...process.env, MARK: mark, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit').then(
    // What Node.js says of an exit.
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  const ready = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line));
  const first = await Promise.race([ready, ended]);
  if (typeof first !== 'string' || !first.startsWith('{')) throw new Error(`It ended at once: ${said}`);
  return {
    // The runner writes it.
    where: JSON.parse(first) as Where,
    said: () => said,
    kill: (signal) => void child.kill(signal),
    seenFromHere: (path) => `/proc/${child.pid}/root${path}`,
    ended,
  };
}

/** Ids of the processes that have the mark in their command or their environment, but for this one. */
export function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((id) => /^\d+$/u.test(id) && id !== String(process.pid))
    .filter((id) => ['cmdline', 'environ'].some((file) => contentOf(`/proc/${id}/${file}`).includes(mark)));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended in between, or is somebody else's.
    return '';
  }
}
