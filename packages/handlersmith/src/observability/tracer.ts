/**
 * What a tracer is to a handler: small enough for X-Ray, OpenTelemetry or a test to fill.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

/** A stretch of work that shows up in a trace. No method throws, whatever it is given. */
export interface Span {
  /** Adds a value that traces can be searched by. */
  annotate(key: string, value: string | number | boolean): void;
  /** Adds a value to look at. It is cut where too large, and secrets are redacted by key name. */
  metadata(key: string, value: unknown): void;
  /** Marks the span as failed and keeps the error. */
  error(error: unknown): void;
}

/** What a tracer is told about an invocation. */
export interface InvocationInfo {
  /** The service, or the function where no service is named. */
  readonly name: string;
  /** The Lambda context; absent in unit tests. */
  readonly context: Partial<Context> | undefined;
  /** True for the first invocation of an environment that Lambda did not start ahead of time. */
  readonly coldStart: boolean;
  /** `http`, `s3`, `sqs`, `stream`, `cron`… */
  readonly trigger: string;
  readonly correlationId?: string | undefined;
  /** The W3C `traceparent` the caller sent, as it came. */
  readonly traceparent?: string | undefined;
  /** The W3C `tracestate` that goes with it. */
  readonly tracestate?: string | undefined;
}

/** What `run` gets as `tracer`: the span of its invocation, and a way to open more below it. */
export interface InvocationTracer extends Span {
  /** Id of the trace this invocation belongs to, where there is one. */
  readonly traceId: string | undefined;
  /**
   * Runs a piece of work in a span of its own.
   *
   * @param name - what the work is called in the trace
   * @param run - the work, synchronous or not; its span ends when it returns or its promise settles
   * @returns what `run` returned; what it throws is recorded and thrown on
   * @example
   * const user = await tracer.span('load user', () => users.get(id));
   */
  span<T>(name: string, run: (span: Span) => T): T;
}

/** What a factory takes as its `tracer` option. */
export interface Tracer {
  /**
   * Wraps one invocation. The factory calls it; invocations may overlap.
   *
   * @param info - what is known about the invocation before it starts
   * @param run - the invocation
   * @returns what `run` resolved to; what it rejects with is recorded and thrown on
   */
  invocation<T>(info: InvocationInfo, run: (tracer: InvocationTracer) => Promise<T>): Promise<T>;
}

const noSpan: Span = Object.freeze({ annotate() {}, metadata() {}, error() {} });

/** The tracer of a handler that has none: records nothing, `span` only runs its function. */
export const noTracer: InvocationTracer = Object.freeze({
  ...noSpan,
  traceId: undefined,
  span: <T>(_name: string, run: (span: Span) => T): T => run(noSpan),
});
