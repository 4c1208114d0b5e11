/**
 * What a handler makes once per execution environment: clients, pools, configuration.
 *
 * @module
 */
import { isObject } from './object.ts';

/** Gives the resources of a handler: the value itself once it is there, a promise of it before. */
export type Resources<R> = () => R | Promise<R>;

/**
 * Makes resources lazily and once: overlapping invocations share the same promise, a failure is not kept, and what
 * can be disposed of (`Symbol.asyncDispose`, `Symbol.dispose`, on the whole or on its members) is, at SIGTERM.
 *
 * Lambda sends SIGTERM only to functions with an extension registered.
 *
 * @param make - the team's own function
 * @returns a function that gives the resources
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
export function once<R>(make: () => R | Promise<R>): Resources<R> {
  let kept: { readonly value: R | Promise<R> } | undefined;

  const keep = (value: R): R => {
    kept = { value };
    disposeAtShutdown(value);
    return value;
  };
  return () => {
    if (kept !== undefined) return kept.value;
    const made = make();
    if (!(made instanceof Promise)) return keep(made);
    const value = made.then(keep, (error: unknown) => {
      kept = undefined; // the next invocation tries again
      throw error;
    });
    kept = { value };
    return value;
  };
}

function disposeAtShutdown(value: unknown): void {
  const disposers = disposersOf(value);
  if (disposers.length > 0) process.once('SIGTERM', () => void shutDown(disposers));
}

/** Disposals under way: handlers of one environment are told of SIGTERM together, and the last to be done ends it. */
let underWay = 0;

async function shutDown(disposers: readonly (() => unknown)[]): Promise<void> {
  underWay += 1;
  await Promise.allSettled(disposers.map(async (dispose) => dispose()));
  underWay -= 1;
  // Listening took away Node's own answer to SIGTERM, which is to end: give it back.
  if (underWay === 0 && process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM');
}

function disposersOf(value: unknown): (() => unknown)[] {
  if (!isObject(value)) return [];
  return disposerOf(value) ?? Object.values(value).flatMap((member) => disposerOf(member) ?? []);
}

function disposerOf(value: unknown): [() => unknown] | undefined {
  if (!isObject(value)) return undefined;
  const disposable = value as Partial<AsyncDisposable & Disposable>; // both members are looked at before use
  const dispose = disposable[Symbol.asyncDispose] ?? disposable[Symbol.dispose];
  return typeof dispose === 'function' ? [() => dispose.call(disposable)] : undefined;
}
