/**
 * A process of Node.js that can be frozen and cannot outlive us.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** The descriptor that only the watcher reads. The system closes our end when we die, however we die. */
const LIFELINE = 5;

/**
 * Runs the command in the shell's own place, with a watcher beside it in the same group. The watcher waits for the end
 * of the lifeline and takes the group with it: a frozen process could not notice that we are gone.
 */
const WATCHED = `
(read -r _ <&${LIFELINE}; kill -KILL -$$) >/dev/null 2>&1 3<&- 4>&- &
exec "$@" ${LIFELINE}<&-
`;

/** Milliseconds that the streams of a process may stay open after its end. */
const STREAMS_PATIENCE_MS = 1000;

/** Whether this platform has groups of processes that can be stopped and continued. */
export const canFreeze: boolean = process.platform !== 'win32';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where it could not be started at all. */
  readonly error?: Error;
}

export interface NodeProcess {
  readonly pid: number | undefined;
  /** Where it reads from descriptor 3. */
  readonly input: Writable;
  /** What it writes to descriptor 4. */
  readonly output: Readable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once it is gone and everything it wrote was read. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Stops the clock for it: nothing in it runs until `thaw`. What it started itself goes on. */
  freeze(): void;
  thaw(): void;
  /** Ends it and what it started, at once. */
  kill(): void;
  /** Asks it to end, and ends it after so many milliseconds. */
  stop(patience: number): Promise<void>;
  /** MB it takes now; undefined where the platform does not say. */
  memory(): number | undefined;
}

/**
 * Starts Node.js, the version that runs here.
 *
 * @param parameters - flags, script and what the script gets
 * @param environment - all of its environment
 */
export function startNode(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder: string,
): NodeProcess {
  const child = canFreeze
    ? spawn('/bin/sh', ['-c', WATCHED, 'sh', process.execPath, ...parameters], {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        // A session of its own: Ctrl-C reaches us alone, and we say what ends when.
        detached: true,
      })
    : spawn(process.execPath, parameters, {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
        windowsHide: true,
      });
  // The streams of `stdio` are there, as asked for above: socket pairs, readable and writable.
  const [, stdout, stderr, input, output, lifeline] = child.stdio as unknown as [
    null,
    ...(Readable & Writable)[],
  ];
  if (stdout === undefined || stderr === undefined || input === undefined || output === undefined)
    throw new TypeError('Node.js gave no streams for a process');
  for (const stream of [input, output, lifeline]) stream?.on('error', () => {}); // the other end may close first
  lifeline?.resume();

  const signal = (name: NodeJS.Signals): void => {
    if (child.pid === undefined || gone(child)) return;
    try {
      process.kill(child.pid, name);
    } catch {
      // It ended in between.
    }
  };
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      // The watcher holds the group's number until now, so that it cannot be somebody else's.
      if (canFreeze) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // Nobody is left.
    }
  };
  const letLive = endWithUs(kill);
  const ended = endOf(child, kill).finally(() => {
    letLive();
    for (const stream of [input, output, stdout, stderr, lifeline]) stream?.destroy();
  });

  return {
    pid: child.pid,
    input,
    output,
    stdout,
    stderr,
    ended,
    freeze: () => {
      if (canFreeze) signal('SIGSTOP');
    },
    thaw: () => {
      if (canFreeze) signal('SIGCONT');
    },
    kill,
    async stop(patience) {
      const force = setTimeout(kill, patience);
      signal('SIGTERM');
      if (canFreeze) signal('SIGCONT');
      await ended;
      clearTimeout(force);
    },
    memory: () => (child.pid === undefined ? undefined : residentMemory(child.pid)),
  };
}

/** One listener for all processes: Node.js warns of more than ten. */
const kills = new Set<() => void>();

function killAll(): void {
  for (const kill of kills) kill();
}

/** @returns the way to take it back */
function endWithUs(kill: () => void): () => void {
  if (kills.size === 0) process.once('exit', killAll);
  kills.add(kill);
  return () => {
    kills.delete(kill);
    if (kills.size === 0) process.off('exit', killAll);
  };
}

function gone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function endOf(child: ChildProcess, killGroup: () => void): Promise<Ending> {
  return new Promise((done) => {
    child.once('error', (error) => done({ code: null, signal: null, error }));
    // Whatever it started goes with it, the watcher too.
    child.once('exit', (code, signal) => {
      killGroup();
      // What it put into a session of its own may hold on to our streams for ever.
      const patience = setTimeout(() => done({ code, signal }), STREAMS_PATIENCE_MS);
      child.once('close', () => {
        clearTimeout(patience);
        done({ code, signal });
      });
    });
  });
}

function residentMemory(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
