/**
 * The environments of one function: started when all are busy, used again, thrown away when they are of no use.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
import type { Environment, Phase } from './environment.ts';
import { closed, throttled } from './failure.ts';
import type { FunctionFailure, FunctionInvocation, FunctionResult } from './function.ts';
import type { ReportedError } from './protocol.ts';

/** What environments are started from. */
export type Source =
  | { readonly ok: true; readonly file: string; readonly runtime: string }
  | { readonly ok: false; readonly error: ReportedError };

export interface PoolOptions {
  /** How many environments there may be. */
  readonly bound: number;
  /** Whether an invocation beyond that is refused, as Lambda does with reserved concurrency, or waits. */
  readonly refuses: boolean;
  /** Seconds. */
  readonly timeout: number;
  /** Milliseconds an environment has to be started, the first time. */
  readonly initTimeout: number;
  /** Milliseconds an environment has to end after it was asked to. */
  readonly patience: number;
  readonly source: () => Promise<Source>;
  readonly start: (source: Source & { readonly ok: true }, initTimeout: number, phase: Phase) => Environment;
}

export interface Pool {
  readonly invoke: (invocation: FunctionInvocation) => Promise<FunctionResult>;
  /** Ends environments, each once it is idle. The next invocation gets a new one. */
  renew(): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly invocation: FunctionInvocation;
  readonly settle: (result: FunctionResult) => void;
}

/** Starts nothing yet. */
export function createPool(options: PoolOptions): Pool {
  const waiting: Waiting[] = [];
  /** The one used last is used next: what is not needed stays cold. */
  let idle: Environment[] = [];
  /** All that live, by the generation of the source they run. */
  const living = new Map<Environment, number>();
  const stopping = new Set<Promise<void>>();
  let generation = 0;
  /** Environments that are not ready, and those of them that wait for their source. */
  let starting = 0;
  let unbuilt = 0;
  let served = 0;
  let over = false;

  const stop = (environment: Environment): void => {
    living.delete(environment);
    const stopped: Promise<void> = environment.stop(options.patience).finally(() => stopping.delete(stopped));
    stopping.add(stopped);
  };

  const release = (environment: Environment): void => {
    if (!environment.alive) living.delete(environment);
    else if (over || living.get(environment) !== generation) stop(environment);
    else idle.push(environment);
    pump();
  };

  const serve = async (
    environment: Environment,
    { invocation, settle }: Waiting,
    spent = 0,
  ): Promise<void> => {
    served += 1;
    const result = await environment.run(invocation, spent);
    served -= 1;
    release(environment);
    settle(result);
  };

  /** Lambda gives a start that took too long another one, on the invocation's own time. */
  const serveOnOwnTime = async (source: Source & { ok: true }, next: Waiting): Promise<void> => {
    const begun = performance.now();
    const environment = options.start(source, options.timeout * 1000, 'invoke');
    living.set(environment, generation);
    const started = await environment.started;
    const spent = performance.now() - begun;
    if (started.ok) {
      await serve(environment, next, spent);
      return;
    }
    living.delete(environment);
    next.settle({ ...(await environment.fail(next.invocation, started)), duration: spent });
    pump();
  };

  const begin = async (): Promise<void> => {
    starting += 1;
    unbuilt += 1;
    const source = await options.source();
    unbuilt -= 1;
    if (over || !source.ok) {
      starting -= 1;
      const next = waiting.shift();
      if (next !== undefined)
        next.settle(over || source.ok ? ended(next.invocation) : failedBuild(source.error));
      pump();
      return;
    }
    const environment = options.start(source, options.initTimeout, 'init');
    living.set(environment, generation);
    const started = await environment.started;
    starting -= 1;
    if (started.ok) {
      release(environment);
      return;
    }
    living.delete(environment);
    const next = waiting.shift();
    if (next !== undefined) {
      const failure = await environment.fail(next.invocation, started);
      if (started.reason === 'slow') void serveOnOwnTime(source, next);
      else next.settle(failure);
    }
    pump();
  };

  const pump = (): void => {
    while (waiting.length > 0) {
      const environment = idle.pop();
      if (environment === undefined) break;
      // One that ended while it was idle is no use.
      if (!environment.alive) living.delete(environment);
      else {
        const next = waiting.shift();
        if (next !== undefined) void serve(environment, next);
      }
    }
    if (over) for (const { invocation, settle } of waiting.splice(0)) settle(ended(invocation));
    while (waiting.length > starting && living.size + unbuilt < options.bound) void begin();
  };

  return {
    invoke(invocation) {
      if (over) return Promise.resolve(ended(invocation));
      if (options.refuses && served + waiting.length >= options.bound) {
        return Promise.resolve({ ok: false, ...throttled(), duration: 0, memoryUsed: 0 });
      }
      return new Promise((settle) => {
        waiting.push({ invocation, settle });
        pump();
      });
    },
    renew() {
      generation += 1;
      for (const environment of idle) stop(environment);
      idle = [];
    },
    async close() {
      over = true;
      for (const environment of living.keys()) stop(environment);
      idle = [];
      pump();
      await Promise.all(stopping);
    },
  };
}

function ended(invocation: FunctionInvocation): FunctionFailure {
  return { ok: false, ...closed(invocation.requestId), duration: 0, memoryUsed: 0 };
}

function failedBuild(error: ReportedError): FunctionFailure {
  return { ok: false, reason: 'init', error, duration: 0, memoryUsed: 0 };
}
