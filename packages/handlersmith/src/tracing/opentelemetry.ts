/**
 * Traces for OpenTelemetry: `handlersmith/tracing/opentelemetry`.
 *
 * @module
 */
import { context as active, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type {
  Attributes,
  Context as OtelContext,
  Span as OtelSpan,
  SpanOptions,
  Tracer as OtelTracer,
} from '@opentelemetry/api';

import { currentTraceHeader, parseTraceHeader } from '../observability/correlation.ts';
import { REDACTED } from '../observability/redaction.ts';
import { noTracer } from '../observability/tracer.ts';
import type { InvocationInfo, InvocationTracer, Span, Tracer } from '../observability/tracer.ts';
import { annotation, fitting, isSecret, newRoom, traceError } from './bounds.ts';
import { finishing } from './finish.ts';
import { fromW3c, fromXray, parentage } from './parent.ts';
import type { Parentage } from './parent.ts';

/** Longest wait for a flush, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1000;

export interface OpenTelemetryTracerOptions {
  /** Makes the spans. Default: `trace.getTracer('handlersmith')` of the registered provider. */
  readonly tracer?: OtelTracer | undefined;
  /** Sends what has been recorded; awaited before the answer, because Lambda may freeze the environment after it. */
  readonly flush?: (() => Promise<void>) | undefined;
  /** Milliseconds to wait for `flush` at most. Default 1000. */
  readonly flushTimeout?: number | undefined;
}

/** What OpenTelemetry calls the triggers. */
const TRIGGERS: Readonly<Record<string, string>> = {
  http: 'http',
  sqs: 'pubsub',
  sns: 'pubsub',
  s3: 'datasource',
  dynamodb: 'datasource',
  kinesis: 'datasource',
  stream: 'datasource',
  cron: 'timer',
};

/**
 * A tracer for OpenTelemetry.
 *
 * Each invocation becomes a span of kind `SERVER` with the attributes for functions as a service. It continues the caller's
 * `traceparent` where there is one (linked to Lambda's X-Ray trace), else the X-Ray trace. Without a registered provider it
 * records nothing. Your project installs `@opentelemetry/api`, and an SDK or a Lambda layer that registers the provider.
 *
 * @param options - see {@link OpenTelemetryTracerOptions}; all have defaults
 * @throws TypeError when `flushTimeout` is not a number of milliseconds
 * @example
 * import { BasicTracerProvider, BatchSpanProcessor, ConsoleSpanExporter } from '@opentelemetry/sdk-trace-base';
 * import { httpHandler } from 'handlersmith/http';
 * import { openTelemetryTracer } from 'handlersmith/tracing/opentelemetry';
 *
 * const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(new ConsoleSpanExporter())] });
 * const tracer = openTelemetryTracer({ tracer: provider.getTracer('shop'), flush: () => provider.forceFlush() });
 *
 * export const handler = httpHandler({ service: 'shop', tracer }, () => ({ ok: true }));
 * @see https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/
 */
export function openTelemetryTracer(options: OpenTelemetryTracerOptions = {}): Tracer {
  const { flush, flushTimeout = FLUSH_TIMEOUT_MS } = options;
  if (!(flushTimeout >= 0)) {
    throw new TypeError(
      `option "flushTimeout" must be a number of milliseconds, but is ${String(flushTimeout)}`,
    );
  }
  // a proxy that finds the provider even where it is registered later
  const tracer = options.tracer ?? trace.getTracer('handlersmith');

  return {
    async invocation(info, run) {
      const invocation = startInvocation(tracer, info);
      try {
        return await (invocation === undefined ? run(noTracer) : invocation.run(run));
      } finally {
        if (flush !== undefined) await flushed(flush, flushTimeout);
      }
    },
  };
}

function startInvocation(tracer: OtelTracer, info: InvocationInfo): OpenTelemetryInvocation | undefined {
  const { context, links } = origin(info);
  const options = { kind: SpanKind.SERVER, attributes: attributesOf(info), links };
  const span = startQuietly(tracer, info.name, options, context);
  return span && new OpenTelemetryInvocation(tracer, trace.setSpan(context, span), span);
}

/** `undefined` where a processor or sampler, which are other people's code, throws. */
function startQuietly(
  tracer: OtelTracer,
  name: string,
  options: SpanOptions,
  parent: OtelContext,
): OtelSpan | undefined {
  try {
    return tracer.startSpan(name, options, parent);
  } catch {
    return undefined;
  }
}

/** A span that is open already, of an instrumentation round the handler, knows the caller; else the headers tell. */
function origin(info: InvocationInfo): Parentage {
  const around = active.active();
  if (trace.getSpan(around) !== undefined) return { context: around, links: [] };
  const xray = parseTraceHeader(currentTraceHeader());
  return parentage(fromW3c(info.traceparent, info.tracestate), fromXray(xray));
}

function attributesOf({ context, coldStart, trigger, correlationId }: InvocationInfo): Attributes {
  const memory = Number(context?.memoryLimitInMB);
  return {
    'faas.coldstart': coldStart,
    'faas.trigger': TRIGGERS[trigger] ?? 'other',
    'faas.invocation_id': context?.awsRequestId,
    'faas.name': context?.functionName,
    'faas.version': context?.functionVersion,
    'faas.max_memory': Number.isFinite(memory) ? memory * 1024 * 1024 : undefined,
    'aws.lambda.invoked_arn': context?.invokedFunctionArn,
    'cloud.account.id': context?.invokedFunctionArn?.split(':')[4],
    correlation_id: correlationId,
  };
}

class OpenTelemetryInvocation implements InvocationTracer {
  readonly #tracer: OtelTracer;
  readonly #context: OtelContext;
  readonly #main: OtelSpan;
  readonly #span: Span;

  constructor(tracer: OtelTracer, context: OtelContext, main: OtelSpan) {
    this.#tracer = tracer;
    this.#context = context;
    this.#main = main;
    this.#span = spanOf(main);
  }

  get traceId(): string | undefined {
    const { traceId } = this.#main.spanContext();
    return /[^0]/.test(traceId) ? traceId : undefined;
  }

  annotate(key: string, value: string | number | boolean): void {
    this.#span.annotate(key, value);
  }

  metadata(key: string, value: unknown): void {
    this.#span.metadata(key, value);
  }

  error(error: unknown): void {
    this.#span.error(error);
  }

  span<T>(name: string, run: (span: Span) => T): T {
    // what is active is a span of this invocation: overlapping ones have contexts of their own
    const parent = trace.getSpan(active.active()) === undefined ? this.#context : active.active();
    const otel = startQuietly(this.#tracer, name, {}, parent);
    if (otel === undefined) return noTracer.span(name, run);
    const span = spanOf(otel);
    return observed(otel, span, trace.setSpan(parent, otel), () => run(span));
  }

  run<T>(work: (tracer: InvocationTracer) => Promise<T>): Promise<T> {
    return observed(this.#main, this.#span, this.#context, () => work(this));
  }
}

/** Runs work inside a span, keeps its error, ends the span when it ends. */
function observed<T>(otel: OtelSpan, span: Span, within: OtelContext, work: () => T): T {
  return finishing(
    () => active.with(within, work),
    (ending) => {
      if (ending.failed) span.error(ending.error);
      quietly(() => otel.end());
    },
  );
}

/** What the provider throws must not reach the handler. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // a trace that is not whole is better than an invocation that fails because of it
  }
}

function spanOf(otel: OtelSpan): Span {
  const room = newRoom();
  return {
    annotate: (key, value) => {
      const kept = annotation(isSecret(key) ? REDACTED : value, room);
      if (kept !== undefined) quietly(() => otel.setAttribute(key, kept));
    },
    metadata: (key, value) => {
      const kept = fitting(isSecret(key) ? REDACTED : value, room);
      // attributes are flat: what has parts travels as JSON
      const flat = typeof kept === 'object' ? JSON.stringify(kept) : kept;
      if (typeof flat === 'string' || typeof flat === 'number' || typeof flat === 'boolean') {
        quietly(() => otel.setAttribute(key, flat));
      }
    },
    error: (error) => {
      const kept = traceError(error, room);
      quietly(() => {
        if (kept !== undefined) otel.recordException(kept);
        otel.setStatus({ code: SpanStatusCode.ERROR, message: kept?.message ?? 'error' });
      });
    },
  };
}

/** Waits for a flush, but not for ever, and does not fail with it: the answer is worth more than its trace. */
async function flushed(flush: () => Promise<void>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  try {
    await Promise.race([flush(), enough]);
  } catch {
    // an exporter that cannot reach its collector says so through OpenTelemetry's own diagnostics
  } finally {
    clearTimeout(timer);
  }
}
