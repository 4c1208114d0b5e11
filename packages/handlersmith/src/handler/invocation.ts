/**
 * One invocation on its way through the stack, whatever triggered it.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Logger, LoggerBase } from '../observability/logger.ts';
import { type InvocationTracer, noTracer } from '../observability/tracer.ts';
import { Deadline } from './deadline.ts';
import { now } from './now.ts';

/** What an invocation is made of. */
export interface InvocationParts {
  readonly event: unknown;
  readonly context: Partial<Context>;
  readonly logging: LoggerBase;
  /** Milliseconds kept back before the function's own timeout. */
  readonly deadlineMargin: number;
  /** Milliseconds from the start after which nobody waits any more; default none. */
  readonly cap?: number | undefined;
  /** Ties the lines of one piece of work together; default the request id. */
  readonly correlationId?: string | undefined;
}

/**
 * Holds what belongs to one invocation and nothing that outlives it. What costs something (the logger, the deadline,
 * its signal) is made when it is first asked for.
 */
export class Invocation<Event = unknown> {
  /** As it came; where there are middlewares, their copy of it. */
  event: Event;
  context: Partial<Context>;
  resources: unknown = undefined;
  tracer: InvocationTracer = noTracer;

  /** As they came, whatever middlewares did to their copies. */
  protected readonly received: InvocationParts;
  readonly #startedAt = now();
  #deadline: Deadline | undefined;
  #logger: Logger | undefined;

  constructor(parts: InvocationParts) {
    this.received = parts;
    this.event = parts.event as Event; // whoever opens the invocation has looked at the event
    this.context = parts.context;
  }

  /** Bound to this invocation: its id is on every line, its keys on no other's. */
  get logger(): Logger {
    const { logging, context } = this.received; // the context that came: a cold start is told by it
    this.#logger ??= logging.bind(context, { correlation_id: this.correlationId });
    return this.#logger;
  }

  get correlationId(): string | undefined {
    return this.received.correlationId ?? this.context.awsRequestId;
  }

  /** The clock of the context that came, counted from the start. */
  get deadline(): Deadline {
    if (this.#deadline === undefined) {
      const { context, deadlineMargin } = this.received;
      // Whoever waits has waited since the invocation began.
      this.#deadline = new Deadline(context, deadlineMargin, this.cap - (now() - this.#startedAt));
    }
    return this.#deadline;
  }

  /** Milliseconds from the start after which nobody waits any more. */
  protected get cap(): number {
    return this.received.cap ?? Infinity;
  }

  /** Aborts shortly before the deadline. */
  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  /** Milliseconds until `signal` aborts. An arrow: `run` may take it out of the object. */
  get remaining(): () => number {
    return () => this.deadline.remaining();
  }

  /** Milliseconds until Lambda ends the invocation, whoever may still wait for it; `Infinity` where it does not tell. */
  get timeLeft(): number {
    return this.received.context.getRemainingTimeInMillis?.() ?? Infinity;
  }

  /** Milliseconds since the invocation began, to a hundredth. */
  elapsed(): number {
    return Math.round((now() - this.#startedAt) * 100) / 100;
  }
}
