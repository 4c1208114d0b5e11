/**
 * An execution environment: one process that serves one invocation at a time, frozen in between.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import type { Connect, Connection, Events, Outcome } from './channel.ts';
import { closed, exited, timedOut, timeoutText } from './failure.ts';
import type { FunctionFailure, FunctionInvocation, FunctionResult } from './function.ts';
import { collectLog, drain, type Log } from './lines.ts';
import type { NodeProcess } from './process.ts';
import type { InvocationHead, ReportedError } from './protocol.ts';
import { collectParts, type Parts, type Result, resultOf } from './result.ts';

/** Milliseconds between two looks at what a running process takes. */
const MEMORY_INTERVAL_MS = 100;

/** Lambda starts an environment before the invocation it is for, and a second time within it. */
export type Phase = 'init' | 'invoke';

export interface EnvironmentOptions {
  readonly connect: Connect;
  readonly arn: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB; what takes more is killed. */
  readonly memory: number;
  /** Whether the process stands still between invocations. */
  readonly freeze: boolean;
  /** Whether time may run out; not while somebody looks at it with a debugger. */
  readonly limited: boolean;
  /** Milliseconds the handler has to be loaded. */
  readonly initTimeout: number;
  /** Whether it is started on an invocation's own time. */
  readonly phase: Phase;
  /** Characters of output an invocation may write. */
  readonly logLimit: number;
  /** Told where a debugger attaches. */
  readonly onInspector: (url: string) => void;
}

/** How the start went. */
export type Started =
  | { readonly ok: true }
  /** Lambda tries once more, within the invocation. */
  | { readonly ok: false; readonly reason: 'slow' }
  | { readonly ok: false; readonly reason: 'failed'; readonly error: ReportedError }
  | { readonly ok: false; readonly reason: 'exited' };

export interface Environment {
  /** Settles once the handler is loaded or cannot be. Never rejects. */
  readonly started: Promise<Started>;
  /** Whether it can serve another invocation. */
  readonly alive: boolean;
  /** @param spent - milliseconds of the timeout that are gone already */
  run(invocation: FunctionInvocation, spent?: number): Promise<FunctionResult>;
  /** What an invocation came to for which this environment was started in vain. Its log is the invocation's. */
  fail(invocation: FunctionInvocation, started: Started & { readonly ok: false }): Promise<FunctionFailure>;
  /** Ends the process, at once or so many milliseconds after it was asked to end. */
  stop(patience: number): Promise<void>;
}

/** How an invocation ended. */
type End = Outcome | 'timeout' | 'gone';

interface Running {
  readonly parts: Parts;
  readonly settle: (end: End) => void;
}

/** Starts the process. What it prints meanwhile belongs to the invocation it runs first. */
export function startEnvironment(options: EnvironmentOptions): Environment {
  const begun = performance.now();
  const log = collectLog(options.logLimit);
  const init = Promise.withResolvers<Started>();
  const started = init.promise;
  let running: Running | undefined;
  let alive = true;
  let stopping = false;
  let memoryUsed = 0;
  let initDuration: number | undefined;

  const connection = connect(options, log, init, {
    ready(inspector) {
      initDuration = performance.now() - begun;
      if (inspector !== undefined) options.onInspector(inspector);
      init.resolve({ ok: true });
    },
    initFailed: (error) => init.resolve({ ok: false, reason: 'failed', error }),
    settled(outcome, memory) {
      memoryUsed = Math.max(memoryUsed, memory ?? 0);
      running?.settle(outcome);
    },
    begin: (prelude) => running?.parts.begin(prelude),
    chunk: (bytes) => running?.parts.chunk(bytes),
    line: log.line,
    output: log.output,
  });
  const gone = (): void => {
    alive = false;
    running?.settle('gone');
  };
  void connection.then((made) => made?.process.ended).then(gone);
  void started.then(({ ok }) => (alive &&= ok));

  /** Resolves to how it ended, and leaves no timer. */
  const play = async (
    { process, invoke }: Connection,
    invocation: FunctionInvocation,
    parts: Parts,
    limit: number,
  ): Promise<End> => {
    const { promise: ended, resolve: settle } = Promise.withResolvers<End>();
    running = { parts, settle };
    const timer = options.limited ? setTimeout(settle, limit, 'timeout') : undefined;
    const watch = setInterval(() => {
      const taken = process.memory() ?? 0;
      memoryUsed = Math.max(memoryUsed, taken);
      if (taken > options.memory) process.kill();
    }, MEMORY_INTERVAL_MS);
    // In this order it wakes once, with work to do; the other way round the write waits for all of its threads.
    invoke(headOf(invocation, options.arn, limit), invocation.event);
    process.thaw();
    const end = await ended;
    clearTimeout(timer);
    clearInterval(watch);
    running = undefined;
    return end;
  };
  const outOfTime = (requestId: string): Pick<FunctionFailure, 'reason' | 'error'> => {
    const time = Date.now();
    const text = `${new Date(time).toISOString()} ${requestId} ${timeoutText(options.timeout)}`;
    log.line({ time, stream: 'stderr', text });
    return timedOut(requestId, options.timeout);
  };
  /** What a process that is gone, or has to go, leaves behind. */
  const lost = async (process: NodeProcess, end: 'timeout' | 'gone', requestId: string): Promise<Result> => {
    process.kill();
    const ending = await process.ended;
    log.flush();
    if (end === 'gone') return { ok: false, ...(stopping ? closed(requestId) : exited(requestId, ending)) };
    return { ok: false, ...outOfTime(requestId) };
  };

  return {
    started,
    get alive() {
      return alive;
    },
    async run(invocation, spent = 0) {
      const made = await connection;
      if (made === undefined) throw new TypeError('An environment that did not start was asked to run');
      const from = performance.now();
      const parts = collectParts(invocation);
      log.listen(invocation.onLog);
      const end = alive ? await play(made, invocation, parts, options.timeout * 1000 - spent) : 'gone';
      if (typeof end === 'object' && options.freeze) made.process.freeze();
      const duration = performance.now() - from + spent;
      if (typeof end === 'object') await drain(log);
      const result =
        typeof end === 'object' ? resultOf(end, parts) : await lost(made.process, end, invocation.requestId);
      log.listen(undefined);
      const cold = initDuration === undefined ? {} : { initDuration };
      initDuration = undefined;
      return { ...result, duration, memoryUsed, ...cold };
    },
    async fail(invocation, failed) {
      const { requestId, onLog } = invocation;
      const made = await connection;
      const ending = await made?.process.ended;
      log.listen(onLog);
      const measured = { duration: 0, initDuration: performance.now() - begun, memoryUsed };
      if (failed.reason === 'slow' && options.phase === 'invoke')
        return { ...measured, ok: false, ...outOfTime(requestId) };
      const exit = exited(requestId, ending ?? { code: null, signal: null });
      return {
        ...measured,
        ok: false,
        reason: 'init',
        error: failed.reason === 'failed' ? failed.error : exit.error,
      };
    },
    async stop(patience) {
      alive = false;
      stopping = true;
      await (await connection)?.process.stop(patience);
    },
  };
}

/** Resolves to nothing where there could be no process; `init` says why. Never rejects. */
async function connect(
  options: EnvironmentOptions,
  log: Log,
  init: PromiseWithResolvers<Started>,
  events: Events,
): Promise<Connection | undefined> {
  const begun = performance.now();
  try {
    const made = await options.connect(events);
    const { process } = made;
    process.stdout.on('data', (bytes: Buffer) => log.output('stdout', bytes));
    process.stderr.on('data', (bytes: Buffer) => log.output('stderr', bytes));
    const tooSlow = (): void => {
      const text = `INIT_REPORT Init Duration: ${(performance.now() - begun).toFixed(2)} ms\tPhase: ${options.phase}\tStatus: timeout`;
      log.line({ time: Date.now(), stream: 'stderr', text });
      init.resolve({ ok: false, reason: 'slow' });
      process.kill();
    };
    const limit = options.limited ? setTimeout(tooSlow, options.initTimeout) : undefined;
    void init.promise.then(() => clearTimeout(limit));
    void process.ended.then(() => {
      log.flush();
      init.resolve({ ok: false, reason: 'exited' });
      return made.close();
    });
    return made;
  } catch (error) {
    const errorMessage = error instanceof Error ? error.message : String(error);
    init.resolve({
      ok: false,
      reason: 'failed',
      error: { errorType: 'Runtime.Unknown', errorMessage, trace: [] },
    });
    return undefined;
  }
}

function headOf(
  { requestId, trace, clientContext, ahead = 0 }: FunctionInvocation,
  arn: string,
  limit: number,
): InvocationHead {
  const deadline = Date.now() + limit;
  return { requestId, trace, arn, deadline, ahead, ...(clientContext !== undefined && { clientContext }) };
}
