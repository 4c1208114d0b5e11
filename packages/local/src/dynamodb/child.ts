/**
 * A child process that cannot outlive the process that started it.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';

/** Milliseconds a child has to end by itself before it is killed. */
const GRACE_MS = 2_000;

/** Characters of output kept for error messages. */
const KEPT_OUTPUT = 8_000;

/** The descriptor both processes hold an end of. The system closes ours when we die, however we die. */
const LIFELINE = 3;

/**
 * Runs the command in the shell's own place, with a watcher beside it. The watcher reads the lifeline: a line means
 * the child ended and all is well, end of file means that the parent is gone. Both engines keep what they have
 * acknowledged when they are killed.
 */
const WATCHED = `
(read -r _ <&${LIFELINE} || kill -KILL $$) >/dev/null 2>&1 &
exec "$@" ${LIFELINE}<&-
`;

export interface Child {
  /** The last part of what it wrote, standard output and standard error together. */
  output(): string;
  /** Calls back with everything written so far, each time something is written. Returns the way to stop that. */
  onOutput(listener: (output: string) => void): () => void;
  /** Settles once the process and its watcher are gone. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Ends it: SIGTERM, then SIGKILL after 2 s. */
  stop(): Promise<void>;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where the process could not be started at all. */
  readonly error?: Error;
}

/**
 * Starts a process that ends with us: after a normal exit, an uncaught exception, a signal, even SIGKILL.
 *
 * It gets a session of its own, so that Ctrl-C reaches us alone and we decide in which order things end. On Windows,
 * which has no `sh`, it ends with our `exit` event only.
 *
 * @param command - path of the program
 * @param options - `cwd` where the working directory matters
 */
export function startChild(
  command: string,
  parameters: readonly string[],
  options: { cwd?: string } = {},
): Child {
  const child =
    process.platform === 'win32'
      ? spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
      : spawn('/bin/sh', ['-c', WATCHED, 'sh', command, ...parameters], {
          ...options,
          stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
          detached: true,
        });
  const output = collectOutput(child);
  const ended = watchEnd(child);

  return {
    output: () => output.text,
    onOutput(listener) {
      output.listeners.add(listener);
      return () => output.listeners.delete(listener);
    },
    ended,
    async stop() {
      const force = setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS);
      kill(child, 'SIGTERM');
      await ended;
      clearTimeout(force);
    },
  };
}

function collectOutput(child: ChildProcess): { text: string; listeners: Set<(text: string) => void> } {
  const output = { text: '', listeners: new Set<(text: string) => void>() };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output.text = (output.text + chunk).slice(-KEPT_OUTPUT);
      for (const listener of output.listeners) listener(output.text);
    });
  }
  return output;
}

function watchEnd(child: ChildProcess): Promise<Ending> {
  // The third stream of `stdio` is a socket pair, readable and writable, where there is one.
  const lifeline = child.stdio[LIFELINE] as Duplex | null | undefined;
  // The other end may close first, which is no news to us.
  lifeline?.on('error', () => {}).resume();
  child.once('exit', () => lifeline?.end('ended\n'));

  const killWithUs = (): void => kill(child, 'SIGKILL');
  if (process.platform === 'win32') process.once('exit', killWithUs);

  return new Promise((done) => {
    const settle = (ending: Ending): void => {
      process.off('exit', killWithUs);
      done(ending);
    };
    child.once('error', (error) => settle({ code: null, signal: null, error }));
    child.once('close', (code, signal) => settle({ code, signal }));
  });
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}
