/**
 * Options → nested stack → plain async function: what all HTTP factories share.
 *
 * @module
 */
import errorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';

import { DEFAULT_MARGIN_MS } from '../handler/deadline.ts';
import { loggingOf } from '../handler/logging.ts';
import { once } from '../handler/resources.ts';
import { type Edge, stackOf, withMiddlewares } from '../handler/stack.ts';
import { isThenable } from '../handler/thenable.ts';
import { isColdStart } from '../observability/coldstart.ts';
import type { LoggerBase } from '../observability/logger.ts';
import { type InvocationTracer, noTracer } from '../observability/tracer.ts';
import { HttpAnswer } from './answer.ts';
import { corsOf } from './cors.ts';
import { edgeOf, type EdgeSettings } from './edge.ts';
import { isProxyResult } from './encode.ts';
import { entryOf, type EntrySettings } from './entry.ts';
import { HttpExchange } from './exchange.ts';
import { Refusal, RequestRefused } from './fault.ts';
import type { HttpOptions } from './options.ts';
import { HttpProblem } from './problem.ts';
import type { CompiledRoute } from './route.ts';
import type { HttpEvent } from './source/event.ts';
import { sourceOf } from './source/index.ts';

/** 1 MiB: far more than a JSON request needs, far less than what ties up a function. */
export const DEFAULT_BODY_LIMIT = 1024 * 1024;

/** Takes an event through the stack. */
export type Serve = (event: HttpEvent, context: Partial<Context>) => Promise<unknown>;

/**
 * Builds the function of an HTTP handler.
 *
 * @param factory - the name users know, for messages
 * @param find - finds the route of a request
 * @param makeEdge - how outcomes leave; default: encoded and buffered
 * @throws TypeError naming a wrong option
 */
export function buildHttp(
  factory: string,
  options: HttpOptions,
  find: EntrySettings['find'],
  makeEdge: (settings: EdgeSettings) => Edge<HttpExchange> = edgeOf,
): Serve {
  const { tracer } = options;
  const cors = options.cors === undefined ? undefined : corsOf(factory, options.cors);
  const entry = entryOf({
    find,
    cors,
    health: options.health,
    basePath: options.basePath,
    resources: options.resources === undefined ? undefined : once(options.resources),
    serve: serverOf(options),
  });
  const accessLog = options.accessLog ?? true;
  const stack = stackOf(errorHandler({ logger: false }), makeEdge({ cors, accessLog }), entry);
  const logging = loggingOf(options.logger, options.service);
  const settings = {
    deadlineMargin: options.deadlineMargin ?? DEFAULT_MARGIN_MS,
    gatewayTimeout: options.gatewayTimeout,
  };

  const serve = (event: HttpEvent, context: Partial<Context>, base: LoggerBase): Promise<unknown> => {
    const source = sourceOf(event);
    const coldStart = isColdStart(context); // asked at the start of each invocation: only the first one is told yes
    const go = (invocation: InvocationTracer): Promise<unknown> =>
      stack(new HttpExchange(event, context, source, base, invocation, settings));
    if (tracer === undefined) return go(noTracer);
    const name = options.service ?? context.functionName ?? 'handler';
    return tracer.invocation(
      {
        name,
        context,
        coldStart,
        trigger: 'http',
        traceparent: source.header(event as never, 'traceparent'),
        tracestate: source.header(event as never, 'tracestate'),
      },
      go,
    );
  };
  return (event, context) => {
    try {
      const base = logging();
      return base instanceof Promise
        ? base.then((loaded) => serve(event, context, loaded))
        : serve(event, context, base);
    } catch (error) {
      return Promise.reject(error as Error); // not an HTTP event: what was thrown is a TypeError
    }
  };
}

/** The route's work. Within middlewares a refusal is thrown, so that their `onError` runs and their `after` does not. */
function serverOf(options: HttpOptions): (exchange: HttpExchange) => unknown {
  const { use } = options;
  if (use === undefined || use.length === 0) return serveRoute;
  return withMiddlewares(use, isAnswer, (exchange) => {
    const outcome = serveRoute(exchange);
    return isThenable(outcome) ? Promise.resolve(outcome).then(thrown) : thrown(outcome);
  });
}

function serveRoute(exchange: HttpExchange): unknown {
  return (exchange.matched as CompiledRoute).serve(exchange); // the entry has matched it
}

function thrown(outcome: unknown): unknown {
  if (outcome instanceof Refusal) throw outcome.problem ?? new RequestRefused(outcome);
  return outcome;
}

/** What may end a middleware phase early. */
function isAnswer(value: unknown): boolean {
  return value instanceof HttpAnswer || value instanceof HttpProblem || isProxyResult(value);
}
