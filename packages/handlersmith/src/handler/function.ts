/**
 * Options → nested stack → plain async function: what all factories share.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { isColdStart } from '../observability/coldstart.ts';
import type { LoggerBase } from '../observability/logger.ts';
import type { InvocationInfo } from '../observability/tracer.ts';
import { DEFAULT_MARGIN_MS } from './deadline.ts';
import type { FunctionOptions } from './environment.ts';
import type { Invocation, InvocationParts } from './invocation.ts';
import { loggingOf } from './logging.ts';
import { isObject } from './object.ts';
import { type Edge, stackOf } from './stack.ts';

/** What a trigger adds to the shared stack. */
export interface Trigger<Work extends Invocation> {
  /** `http`, `sqs`, `cron`…: on the trace. */
  readonly name: string;
  /**
   * Looks at the event and makes the invocation of it.
   *
   * @throws TypeError when the event is foreign: names what was expected and the keys that came, never their values
   */
  readonly open: (parts: InvocationParts) => Work;
  /** What a trace is told of where the invocation comes from. */
  readonly origin: (work: Work) => Pick<InvocationInfo, 'correlationId' | 'traceparent' | 'tracestate'>;
  /** The work, within the team's middlewares. */
  readonly enter: (work: Work) => unknown;
  /** What becomes of results and errors. */
  readonly edge: Edge<Work>;
  /** The last resort for errors, `@middy/http-error-handler` or the like; none where errors are to pass. */
  readonly net?: unknown;
}

/** Takes an event through the stack. */
export type Serve = (event: unknown, context: Partial<Context>) => Promise<unknown>;

/**
 * Builds the function of a handler.
 *
 * @param options - checked by the factory before
 */
export function buildFunction<Work extends Invocation>(
  options: FunctionOptions,
  trigger: Trigger<Work>,
): Serve {
  const { tracer, deadlineMargin = DEFAULT_MARGIN_MS } = options;
  const logging = loggingOf(options.logger, options.service);
  const stack = stackOf(trigger.net, trigger.edge, trigger.enter);

  const start = (event: unknown, context: Partial<Context>, base: LoggerBase): Promise<unknown> => {
    const coldStart = isColdStart(context); // asked at the start of each invocation: only the first one is told yes
    const work = trigger.open({ event, context, logging: base, deadlineMargin });
    if (tracer === undefined) return stack(work);
    const name = options.service ?? context.functionName ?? 'handler';
    return tracer.invocation(
      { name, context, coldStart, trigger: trigger.name, ...trigger.origin(work) },
      (tracing) => {
        work.tracer = tracing;
        return stack(work);
      },
    );
  };
  return (event, context) => {
    try {
      const base = logging();
      return base instanceof Promise
        ? base.then((loaded) => start(event, context, loaded))
        : start(event, context, base);
    } catch (error) {
      return Promise.reject(error); // a foreign event
    }
  };
}

/**
 * The error for a foreign event.
 *
 * @param expected - what the factory takes, in words
 * @param event - what came: only its keys are told
 */
export function foreignEvent(expected: string, event: unknown): TypeError {
  const came = isObject(event)
    ? `an object with the keys ${Object.keys(event).join(', ') || '(none)'}`
    : event === null
      ? 'null'
      : typeof event;
  return new TypeError(`Expected ${expected}, got ${came}`);
}
