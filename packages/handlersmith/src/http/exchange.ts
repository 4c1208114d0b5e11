/**
 * One request on its way through the stack.
 *
 * @module
 */
import { Invocation, type InvocationParts } from '../handler/invocation.ts';
import { correlationId, traceRoot } from '../observability/correlation.ts';
import { bytesOf, type CarriedBody, guessBody, hasBody, isParsed, readBody } from './body.ts';
import { type Cookies, parseCookies } from './cookie.ts';
import type { Refusal } from './fault.ts';
import type { Identity } from './identity.ts';
import type { PartName } from './part.ts';
import { groupQuery, type Query } from './query.ts';
import type { CompiledRoute } from './route.ts';
import type { HttpEvent, HttpSource, HttpSourceName } from './source/event.ts';
import { sourceOf } from './source/index.ts';

/**
 * Holds what belongs to one request and nothing that outlives it. Parts are read when they are first asked for.
 * `run` gets it by way of its narrower type, {@link HttpInput}.
 */
export class HttpExchange extends Invocation<HttpEvent> {
  readonly method: string;
  /** Set when the request is refused, for the access line. */
  refusal: Refusal | undefined = undefined;
  /** The matched route; `undefined` before matching and where none matched. */
  matched: CompiledRoute | undefined = undefined;
  parameters: Readonly<Record<string, string | undefined>> | undefined = undefined;

  readonly #source: HttpSource;
  readonly #gatewayTimeout: number;
  readonly #kept: Partial<Record<PartName, unknown>> = {};
  #pathname: string | undefined;
  #query: Query | undefined;
  #cookies: Cookies | undefined;
  #headers: Readonly<Record<string, string>> | undefined;

  /**
   * @param gatewayTimeout - milliseconds after which the gateway gives up; default the source's own
   * @throws TypeError when the event is not an HTTP event
   */
  constructor(parts: InvocationParts, gatewayTimeout: number | undefined) {
    super(parts);
    this.#source = sourceOf(parts.event);
    this.#gatewayTimeout = gatewayTimeout ?? this.#source.gatewayTimeout;
    this.method = this.#source.method(parts.event as never);
  }

  /** Stores a validated part. */
  keep(part: PartName, value: unknown): void {
    this.#kept[part] = value;
  }

  header(name: string): string | undefined {
    return this.#source.header(this.event as never, name);
  }

  /** The same as it came, whatever middlewares made of the event: what the edge needs must not hang on them. */
  receivedHeader(name: string): string | undefined {
    return this.#source.header(this.received.event as never, name);
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
    return bytesOf(this.received.event as HttpEvent); // looked at by the constructor
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
    return this.#source.requestId(this.received.event as never) ?? this.received.context.awsRequestId;
  }

  /** A load balancer asking whether its target is alive, many times a minute. */
  get isHealthCheck(): boolean {
    if (!this.source.startsWith('alb') || this.receivedHeader('host') !== undefined) return false; // any client sends a host
    return this.receivedHeader('user-agent')?.startsWith('ELB-HealthChecker/') === true;
  }

  override get correlationId(): string | undefined {
    return (
      correlationId(this.receivedHeader('x-correlation-id')) ??
      traceRoot(this.receivedHeader('x-amzn-trace-id')) ??
      this.requestId
    );
  }

  protected override get cap(): number {
    return this.#gatewayTimeout;
  }
}
