/**
 * The stack of every trigger whose answer is not HTTP: a failure is logged once and thrown on, for Lambda to see.
 *
 * @module
 */
import type { FunctionOptions } from './environment.ts';
import { buildFunction, type Serve } from './function.ts';
import { Invocation } from './invocation.ts';
import { once } from './resources.ts';
import { withMiddlewares } from './stack.ts';
import { andThen, isThenable } from './thenable.ts';
import { textOf } from './thrown.ts';

/** What tells one trigger from another. */
export interface EventTrigger {
  /** `sqs`, `cron`…: on the trace. */
  readonly name: string;
  /**
   * Looks at the event before anything runs.
   *
   * @returns the id that ties the lines of one piece of work together; `undefined` for the request id
   * @throws TypeError when the event is foreign, see {@link foreignEvent}
   */
  readonly correlationId: (event: unknown) => string | undefined;
  /** Does the work; its result is what Lambda gets. */
  readonly serve: (invocation: Invocation) => unknown;
  /** Milliseconds from the start after which the service that invoked gives up; default none. */
  readonly cap?: number;
  /** Tells an error that gathers what is in the log already: only its message is logged then. Default: none does. */
  readonly reported?: (error: unknown) => boolean;
}

/** Nothing a middleware returns ends a phase here: only `request.earlyResponse` does, which nobody sets by accident. */
const nothingIsAnAnswer = (): boolean => false;

/**
 * Builds the function of a handler for events.
 *
 * @param options - checked by the factory before
 */
export function buildTrigger(options: FunctionOptions, trigger: EventTrigger): Serve {
  const resources = options.resources === undefined ? undefined : once(options.resources);
  const serve = withMiddlewares(options.use ?? [], nothingIsAnAnswer, (invocation: Invocation) => {
    // Resources or a middleware took too long: what begins now would run in a later invocation.
    if (invocation.deadline.aborted) throw invocation.deadline.reason;
    return trigger.serve(invocation);
  });

  const provide = (invocation: Invocation): unknown =>
    andThen(resources?.(), (made) => {
      invocation.resources = made;
      return serve(invocation);
    });
  return buildFunction(options, {
    name: trigger.name,
    open: (parts) =>
      new Invocation({ ...parts, cap: trigger.cap, correlationId: trigger.correlationId(parts.event) }),
    origin: (invocation) => ({ correlationId: invocation.correlationId }),
    enter: (invocation) => {
      const outcome = provide(invocation);
      return isThenable(outcome) ? invocation.deadline.race(Promise.resolve(outcome)) : outcome;
    },
    edge: {
      onError: ({ event: invocation, error }) => {
        invocation.logger.error('invocation failed', {
          duration_ms: invocation.elapsed(),
          error: loggable(error, trigger.reported?.(error)),
        });
      },
    },
  });
}

function loggable(error: unknown, isReported: boolean | undefined): unknown {
  if (!(error instanceof Error)) return { thrown: textOf(error) };
  return isReported === true ? { name: error.name, message: error.message } : error;
}
