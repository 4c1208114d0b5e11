/**
 * Options → nested stack → plain async function: what all HTTP factories share.
 *
 * @module
 */
import errorHandler from '@middy/http-error-handler';

import { buildFunction, type Serve } from '../handler/function.ts';
import { once } from '../handler/resources.ts';
import { type Edge, withMiddlewares } from '../handler/stack.ts';
import { andThen } from '../handler/thenable.ts';
import { HttpAnswer } from './answer.ts';
import { corsOf } from './cors.ts';
import { edgeOf, type EdgeSettings } from './edge.ts';
import { isProxyResult, proxyResultOf } from './encode.ts';
import { entryOf, type EntrySettings } from './entry.ts';
import { HttpExchange } from './exchange.ts';
import { Refusal, RequestRefused } from './fault.ts';
import { refuseLate } from './late.ts';
import type { HttpOptions } from './options.ts';
import { HttpProblem } from './problem.ts';
import type { CompiledRoute } from './route.ts';

/** 1 MiB: far more than a JSON request needs, far less than what ties up a function. */
export const DEFAULT_BODY_LIMIT: number = 1024 * 1024;

/**
 * Builds the function of an HTTP handler.
 *
 * @param factory - the name users know, for messages
 * @param find - finds the route of a request
 * @param makeEdge - how outcomes leave; default: encoded and buffered
 * @param Exchange - what a request is
 * @throws TypeError naming a wrong option
 */
export function buildHttp(
  factory: string,
  options: HttpOptions,
  find: EntrySettings['find'],
  makeEdge: (settings: EdgeSettings) => Edge<HttpExchange> = edgeOf,
  Exchange: typeof HttpExchange = HttpExchange,
): Serve {
  const cors = options.cors === undefined ? undefined : corsOf(factory, options.cors);
  return buildFunction<HttpExchange>(options, {
    name: 'http',
    open: (parts) => new Exchange(parts, options.gatewayTimeout),
    origin: (exchange) => ({
      correlationId: exchange.correlationId,
      traceparent: exchange.header('traceparent'),
      tracestate: exchange.header('tracestate'),
    }),
    net: errorHandler({ logger: false }),
    edge: makeEdge({ cors, accessLog: options.accessLog ?? true }),
    enter: entryOf({
      find,
      cors,
      health: options.health,
      basePath: options.basePath,
      resources: options.resources === undefined ? undefined : once(options.resources),
      serve: serverOf(options),
    }),
  });
}

/**
 * The route's work. Within middlewares a refusal is thrown, so that their `onError` runs and their `after` does not;
 * an answer has the shape that Middy's packages read and write.
 */
function serverOf(options: HttpOptions): (exchange: HttpExchange) => unknown {
  const { use } = options;
  if (use === undefined || use.length === 0) return serveRoute;
  return withMiddlewares(use, isAnswer, (exchange) => {
    refuseLate(exchange);
    return andThen(serveRoute(exchange), handedOver);
  });
}

function serveRoute(exchange: HttpExchange): unknown {
  return (exchange.matched as CompiledRoute).serve(exchange); // the entry has matched it
}

function handedOver(outcome: unknown): unknown {
  if (outcome instanceof Refusal) throw outcome.problem ?? new RequestRefused(outcome);
  return outcome instanceof HttpAnswer ? proxyResultOf(outcome) : outcome;
}

/** What may end a middleware phase early. */
function isAnswer(value: unknown): boolean {
  return value instanceof HttpAnswer || value instanceof HttpProblem || isProxyResult(value);
}
