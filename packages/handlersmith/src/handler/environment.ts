/**
 * What every factory takes, and what every `run` gets of it.
 *
 * @module
 */
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

import type { Logger } from '../observability/logger.ts';
import type { InvocationTracer, Tracer } from '../observability/tracer.ts';
import type { ContextWith, Middleware } from './middleware.ts';
import { hasMethod, isObject } from './object.ts';
import { callback, milliseconds, type OptionRules, text } from './options.ts';

/** What every factory takes. Everything has a default. */
export interface FunctionOptions {
  /** The service's name on every log line. Default: `POWERTOOLS_SERVICE_NAME`. */
  readonly service?: string;
  /** Your own Powertools Logger, or `false` to log nothing. Default: one with safe settings. */
  readonly logger?: PowertoolsLogger | false;
  /** Where traces go: `xrayTracer()` or `openTelemetryTracer()`. Default: nowhere, at no cost. */
  readonly tracer?: Tracer;
  /** Milliseconds before the function's own timeout at which work is stopped. Default 200. */
  readonly deadlineMargin?: number;
  /** Made once per environment, on first use, and given to `run` as `resources`. */
  readonly resources?: () => unknown;
  /** Middy middlewares, run after logging and error handling and before the event is looked at. */
  readonly use?: readonly Middleware[];
}

/** Rules of {@link FunctionOptions}. */
export const functionRules: OptionRules = {
  service: text,
  logger: {
    expected: 'a Powertools Logger or false',
    accepts: (value) => value === false || (hasMethod(value, 'info') && hasMethod(value, 'error')),
  },
  tracer: {
    expected: 'a Tracer, such as xrayTracer()',
    accepts: (value) => hasMethod(value, 'invocation'),
  },
  deadlineMargin: milliseconds,
  resources: callback,
  use: {
    expected: 'a list of Middy middlewares: objects with before, after or onError',
    accepts: (value) => Array.isArray(value) && value.every((each) => isMiddleware(each)),
  },
};

function isMiddleware(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { before, after, onError } = value as Readonly<Record<string, unknown>>; // looked at, not trusted
  const hooks = [before, after, onError].filter((hook) => hook !== undefined);
  return hooks.length > 0 && hooks.every((hook) => typeof hook === 'function');
}

/** What the options put into every `run`: the type of `resources` and of `context`. */
export interface FunctionEnvironment {
  readonly resources: unknown;
  readonly context: unknown;
}

/** The environment that options describe. */
export interface FunctionEnvironmentOf<Options> {
  readonly resources: Options extends { readonly resources: () => infer Made } ? Awaited<Made> : undefined;
  readonly context: Options extends { readonly use: infer Use } ? ContextWith<Use> : Context;
}

/** What every `run` gets, whatever the trigger. */
export interface FunctionInput<Env extends FunctionEnvironment> {
  readonly context: Env['context'];
  /** Bound to this invocation, or to the record at hand: its id is on every line, its keys on no other's. */
  readonly logger: Logger;
  readonly tracer: InvocationTracer;
  /** Aborts shortly before the deadline. Pass it on to whatever can be stopped. */
  readonly signal: AbortSignal;
  /** Milliseconds until `signal` aborts. */
  readonly remaining: () => number;
  readonly resources: Env['resources'];
}
