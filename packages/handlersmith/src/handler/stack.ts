/**
 * The nested Middy stack of a handler.
 *
 * The outer one holds what must see every answer: error net, problems, CORS, the log line. The inner one holds the
 * team's own middlewares and the work. An early answer of a middleware ends the inner one only.
 *
 * @module
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

import type { Middleware } from './middleware.ts';
import { isObject } from './object.ts';
import { andThen } from './thenable.ts';

/** What travels through the outer stack as Middy's event. */
export interface Travelling {
  event: unknown;
  context: Partial<Context>;
}

/** Middy's request, as the library's own middlewares see it. */
export interface StackRequest<Work> {
  readonly event: Work;
  response: unknown;
  readonly error: unknown;
}

/** A middleware of the library's own. */
export interface Edge<Work> {
  readonly after?: (request: StackRequest<Work>) => void;
  readonly onError: (request: StackRequest<Work>) => void;
}

/** Middy as this module uses it; the package's own types say `any` where it matters. */
interface Stack {
  (event: unknown, context: unknown): unknown;
  use(middlewares: unknown): Stack;
}

/** Our own deadline replaces Middy's early timeout, which lets the handler run on and answers a bare 500. */
const ownDeadline = { timeoutEarlyInMillis: 0 };

/**
 * Builds a stack. A fresh Middy each time: one that is shared holds the handler it was given last.
 *
 * @param net - the last resort for errors, `@middy/http-error-handler` or the like; none where errors are to pass
 * @param edge - turns results and errors into answers; must not throw from `onError`
 * @param inner - the work, with the team's middlewares round it where there are any
 */
export function stackOf<Work extends Travelling>(
  net: unknown,
  edge: Edge<Work>,
  inner: (work: Work) => unknown,
): (work: Work) => Promise<unknown> {
  const stack = newMiddy((work) => inner(work as Work)).use(net === undefined ? [edge] : [net, edge]); // only `work` is ever passed, two lines below
  // Middy gives a promise whatever the handler does.
  return (work) => stack(work, work.context) as Promise<unknown>;
}

/**
 * Puts the team's middlewares round the work. They get copies: whatever they write, the caller's event and context
 * stay as they were.
 *
 * @param isAnswer - tells an early answer from a value that a middleware returned by accident
 */
export function withMiddlewares<Work extends Travelling>(
  middlewares: readonly Middleware[],
  isAnswer: (value: unknown) => boolean,
  work: (work: Work) => unknown,
): (work: Work) => unknown {
  if (middlewares.length === 0) return work;
  const travelling = Symbol('work');
  const stack = newMiddy((event, context) => {
    // Put there when the stack was entered, below.
    const current = (context as { [travelling]: Work })[travelling];
    current.event = event;
    current.context = context as Partial<Context>;
    return work(current);
  }).use(middlewares.map((middleware) => guarded(middleware, isAnswer)));
  return (current) => {
    // Enumerable, the symbol too: a middleware that spreads the context into one of its own loses nothing.
    const prototype: object | null = Reflect.getPrototypeOf(current.context);
    const context: object = Object.assign(Object.create(prototype) as object, current.context, {
      [travelling]: current,
    });
    return stack(copyOf(current.event), context);
  };
}

/** All of an event, down to its last value: middlewares write into headers and authorizers as well. */
function copyOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Record<string, unknown> = { ...value }; // a spread, then the branches: half the time of entry by entry
  for (const name of Object.keys(copy)) if (typeof copy[name] === 'object') copy[name] = copyOf(copy[name]);
  return copy;
}

function newMiddy(handler: (event: unknown, context: unknown) => unknown): Stack {
  return middy(handler as never, ownDeadline); // typed as Stack: see there
}

type Hook = (request: { event: unknown; context: unknown }) => unknown;

/** Lets only answers end a phase; awaits any thenable, where Middy knows native promises only. */
function guarded(middleware: Middleware, isAnswer: (value: unknown) => boolean): Record<string, unknown> {
  const answerAlone = (value: unknown): unknown => (isAnswer(value) ? value : undefined);
  const guard = (hook: Hook): Hook => {
    return (request) => andThen(hook.call(middleware, request), answerAlone);
  };
  const hooks: Record<string, unknown> = {};
  for (const phase of ['before', 'after', 'onError'] as const) {
    const hook = middleware[phase] as Hook | undefined; // typed for its author, called with Middy's request
    if (hook !== undefined) hooks[phase] = guard(hook);
  }
  return hooks;
}
