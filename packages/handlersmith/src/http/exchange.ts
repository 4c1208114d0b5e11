/**
 * One request on its way through the stack.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { Deadline } from '../handler/deadline.ts';
import { correlationId, traceRoot } from '../observability/correlation.ts';
import type { Logger, LoggerBase } from '../observability/logger.ts';
import type { InvocationTracer } from '../observability/tracer.ts';
import { bytesOf, type CarriedBody, guessBody, hasBody, isParsed, readBody } from './body.ts';
import { type Cookies, parseCookies } from './cookie.ts';
import type { Refusal } from './fault.ts';
import type { Identity } from './identity.ts';
import type { PartName } from './part.ts';
import { groupQuery, type Query } from './query.ts';
import type { CompiledRoute } from './route.ts';
import type { HttpEvent, HttpSource, HttpSourceName } from './source/event.ts';

/** What every exchange of a handler shares. */
export interface ExchangeSettings {
  readonly deadlineMargin: number;
  readonly gatewayTimeout: number | undefined;
}

/**
 * Holds what belongs to one request and nothing that outlives it. Parts are read when they are first asked for.
 * `run` gets it by way of its narrower type, {@link HttpInput}.
 */
export class HttpExchange {
  /** As it came; where there are middlewares, their shallow copy of it. */
  event: HttpEvent;
  context: Partial<Context>;
  readonly tracer: InvocationTracer;
  readonly method: string;
  resources: unknown = undefined;
  /** Set when the request is refused, for the access line. */
  refusal: Refusal | undefined = undefined;
  /** The matched route; `undefined` before matching and where none matched. */
  matched: CompiledRoute | undefined = undefined;
  parameters: Readonly<Record<string, string | undefined>> | undefined = undefined;

  /** As it came, whatever middlewares did to their copy. */
  readonly #received: HttpEvent;
  /** As it came: its clock is the one that counts. */
  readonly #given: Partial<Context>;
  readonly #source: HttpSource;
  readonly #logging: LoggerBase;
  readonly #kept: Partial<Record<PartName, unknown>> = {};
  readonly #settings: ExchangeSettings;
  readonly #startedAt = performance.now();
  #deadline: Deadline | undefined;
  #pathname: string | undefined;
  #logger: Logger | undefined;
  #query: Query | undefined;
  #cookies: Cookies | undefined;
  #headers: Readonly<Record<string, string>> | undefined;

  constructor(
    event: HttpEvent,
    context: Partial<Context>,
    source: HttpSource,
    logging: LoggerBase,
    tracer: InvocationTracer,
    settings: ExchangeSettings,
  ) {
    this.event = event;
    this.#received = event;
    this.context = context;
    this.#given = context;
    this.#source = source;
    this.#logging = logging;
    this.tracer = tracer;
    this.method = source.method(event as never);
    this.#settings = settings;
  }

  /** Stores a validated part. */
  keep(part: PartName, value: unknown): void {
    this.#kept[part] = value;
  }

  header(name: string): string | undefined {
    return this.#source.header(this.event as never, name);
  }

  get body(): unknown {
    if (!('body' in this.#kept)) this.#kept.body = this.#uncheckedBody();
    return this.#kept.body;
  }

  /** The body as the route's format says, before validation. */
  readBody(): unknown {
    const { carried } = this;
    if (isParsed(carried)) return carried.body;
    return readBody(carried, this.matched?.options.consumes ?? 'json', this.header('content-type'));
  }

  #uncheckedBody(): unknown {
    const { carried } = this;
    if (isParsed(carried)) return carried.body;
    if (!hasBody(carried)) return undefined;
    if (this.matched?.options.consumes !== undefined) return this.readBody();
    return guessBody(carried, this.header('content-type'));
  }

  /** The body as the event carries it. */
  get carried(): CarriedBody {
    return this.event;
  }

  get rawBody(): Uint8Array {
    return bytesOf(this.#received);
  }

  get query(): Query {
    if ('query' in this.#kept) return this.#kept.query as Query; // as the schema gave it
    this.#query ??= groupQuery(this.#source.query(this.event as never));
    return this.#query;
  }

  get path(): Readonly<Record<string, string | undefined>> {
    if ('path' in this.#kept) return this.#kept.path as Record<string, string>; // as the schema gave it
    this.parameters ??= this.#source.pathParameters(this.event as never);
    return this.parameters;
  }

  get headers(): Readonly<Record<string, string>> {
    if ('headers' in this.#kept) return this.#kept.headers as Record<string, string>; // as the schema gave it
    this.#headers ??= this.#source.headers(this.event as never);
    return this.#headers;
  }

  get cookies(): Cookies {
    if ('cookies' in this.#kept) return this.#kept.cookies as Cookies; // as the schema gave it
    this.#cookies ??= parseCookies(this.#source.cookies(this.event as never));
    return this.#cookies;
  }

  get claims(): Readonly<Record<string, unknown>> {
    if ('claims' in this.#kept) return this.#kept.claims as Record<string, unknown>; // as the schema gave it
    const { identity } = this;
    if (identity.kind === 'jwt') return identity.claims;
    return identity.kind === 'lambda' ? identity.context : {};
  }

  get identity(): Identity {
    return this.#source.identity(this.event as never);
  }

  get pathname(): string {
    this.#pathname ??= this.#source.path(this.event as never);
    return this.#pathname;
  }

  set pathname(path: string) {
    this.#pathname = path;
  }

  get route(): string {
    return this.matched?.pattern ?? '(none)';
  }

  /** How its source takes the answer. */
  get gateway(): HttpSource {
    return this.#source;
  }

  get source(): HttpSourceName {
    return this.#source.name;
  }

  get requestId(): string | undefined {
    return this.#source.requestId(this.event as never) ?? this.context.awsRequestId;
  }

  get logger(): Logger {
    this.#logger ??= this.#logging.bind(this.context, { correlation_id: this.correlationId });
    return this.#logger;
  }

  /** Milliseconds since the request came, to a hundredth. */
  elapsed(): number {
    return Math.round((performance.now() - this.#startedAt) * 100) / 100;
  }

  /** A load balancer asking whether its target is alive, many times a minute. */
  get isHealthCheck(): boolean {
    if (!this.source.startsWith('alb') || this.header('host') !== undefined) return false; // any client sends a host
    return this.header('user-agent')?.startsWith('ELB-HealthChecker/') === true;
  }

  get correlationId(): string | undefined {
    return (
      correlationId(this.header('x-correlation-id')) ??
      traceRoot(this.header('x-amzn-trace-id')) ??
      this.requestId
    );
  }

  /** Made when it is first asked for: work that answers at once has no use for one. */
  get deadline(): Deadline {
    if (this.#deadline === undefined) {
      const { deadlineMargin, gatewayTimeout = this.#source.gatewayTimeout } = this.#settings;
      // The gateway's clock has run since the request came.
      const cap = gatewayTimeout - (performance.now() - this.#startedAt);
      this.#deadline = new Deadline(this.#given, deadlineMargin, cap);
    }
    return this.#deadline;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  /** An arrow: `run` may take it out of the object. */
  get remaining(): () => number {
    return () => this.deadline.remaining();
  }
}
