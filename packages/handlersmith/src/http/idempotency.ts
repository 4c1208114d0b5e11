/**
 * One execution per key, for requests: who comes again gets the same answer, who comes too early is told so.
 *
 * @module
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import type { FunctionEnvironment } from '../handler/environment.ts';
import { checkIdempotency, type IdempotencyOptions, leaseOf, termsOf } from '../idempotency/options.ts';
import { HttpAnswer } from './answer.ts';
import { encode } from './encode.ts';
import type { HttpExchange } from './exchange.ts';
import { Refusal } from './fault.ts';
import type { Identity } from './identity.ts';
import type { HttpInput } from './input.ts';
import type { EncodedAnswer } from './source/event.ts';

/** A request, as `key` and `payload` of the option `idempotency` see it. */
export interface IdempotentRequest extends HttpInput<
  object,
  Readonly<Record<string, string | undefined>>,
  FunctionEnvironment
> {
  /** A request header as it came, whatever the route's schema made of it; its name in lower case. */
  header(name: string): string | undefined;
}

/** Seconds after which a duplicate is worth another try: most work is done long before its lease ends. */
const LONGEST_WAIT_SECONDS = 5;

type Served = HttpAnswer | Refusal;

/** Work that was done, and an answer that went wrong. */
class Unanswered {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * Makes a route's work run once per key. Only answers are kept: a problem, or any 5xx, means that nothing was done,
 * and frees the key.
 *
 * @param pattern - the route's, for messages
 * @param run - the team's function
 * @param finish - makes an answer of what it returned
 * @throws TypeError naming the wrong option
 */
export function servedOnce(
  pattern: string,
  options: IdempotencyOptions<IdempotentRequest>,
  run: (exchange: HttpExchange) => unknown,
  finish: (returned: unknown) => Served | Promise<Served>,
): (exchange: HttpExchange) => Promise<Served> {
  checkIdempotency(`${pattern}: idempotency`, options);

  const answered = async (exchange: HttpExchange): Promise<Served | Unanswered> => {
    const returned = await run(exchange);
    try {
      return await finish(returned);
    } catch (error) {
      return new Unanswered(error);
    }
  };
  return async (exchange) => {
    // The exchange is what the type describes, as for `run`.
    const request = exchange as unknown as IdempotentRequest;
    const outcome = await options.store.once<Served | Unanswered>({
      operation: options.operation ?? operationOf(exchange),
      ...termsOf(options),
      key: withCaller(exchange.identity, options.key(request)),
      payload: options.payload === undefined ? requestItself(exchange) : options.payload(request),
      lease: leaseOf(options.lease, exchange.timeLeft),
      signal: exchange.signal,
      run: () => answered(exchange),
      keep: (value) => !(value instanceof Refusal) && !(value instanceof HttpAnswer && value.status >= 500),
      write,
      read,
      warn: (message, fields) => exchange.logger.warn(message, fields),
    });
    const { kind } = outcome;
    if (kind === 'executed') return unlessUnanswered(outcome.value);
    if (kind === 'replayed') return replayOf(unlessUnanswered(outcome.value));
    if (kind === 'inProgress') {
      const headers = { 'retry-after': String(waitOf(outcome.error.retryAfter)) };
      return new Refusal(409, 'The same request is being worked on: come back for its answer', { headers });
    }
    if (kind === 'mismatch')
      return new Refusal(422, 'The idempotency key was used before, with another request');
    if (kind === 'keyless') return new Refusal(400, 'The request needs an idempotency key');
    if (kind === 'unavailable') {
      const detail = 'The request was carried out before, but its answer was not kept';
      return new Refusal(410, detail, { headers: replayed });
    }
    const { error } = outcome;
    return new Refusal(503, 'Nothing was done: try again', { headers: { 'retry-after': '1' }, error });
  };
}

const replayed = Object.freeze({ 'idempotency-replayed': 'true' });

function replayOf(served: Served): Served {
  if (served instanceof Refusal) return served;
  return new HttpAnswer(served.status, served.body, {
    headers: { ...served.headers, ...replayed },
    cookies: served.cookies,
  });
}

function unlessUnanswered(value: Served | Unanswered): Served {
  if (value instanceof Unanswered) throw value.error;
  return value;
}

function waitOf(milliseconds: number): number {
  return Math.max(1, Math.min(LONGEST_WAIT_SECONDS, Math.ceil(milliseconds / 1000)));
}

/** The function and what it serves: functions that share a table do not share keys. */
function operationOf(exchange: HttpExchange): string {
  const { route, method, context } = exchange;
  return `${context.functionName ?? 'handler'}:${route.includes(' ') ? route : method}`;
}

/** Method, target and body as they came: schemas may fill in what differs from one time to the next. */
function requestItself(exchange: HttpExchange): unknown {
  const { method, pathname, event, gateway, rawBody } = exchange;
  return [method, pathname, gateway.query(event as never), rawBody]; // the source is the event's own
}

/** A key of the caller's own, so that nobody is given an answer meant for somebody else. */
function withCaller(identity: Identity, key: unknown): unknown {
  if (key === undefined || key === null) return key;
  return [callerOf(identity), ...(Array.isArray(key) ? (key as readonly unknown[]) : [key])];
}

function callerOf(identity: Identity): string {
  const { kind } = identity;
  if (kind === 'jwt') return `jwt:${String(identity.claims['iss'])}:${String(identity.claims['sub'])}`;
  if (kind === 'lambda') return `lambda:${identity.principalId ?? ''}`;
  return kind === 'iam' ? `iam:${identity.userArn}` : kind;
}

/** An answer as it is sent, less what belongs to one request: CORS headers come from the edge. */
function write(value: Served | Unanswered): string {
  if (value instanceof Unanswered) throw value.error;
  if (value instanceof Refusal) throw new TypeError('a refusal is not kept');
  return JSON.stringify(encode(value, { ...value.headers }, false));
}

function read(json: string | undefined): HttpAnswer {
  const { status, headers, cookies, body, isBase64Encoded } = JSON.parse(json ?? '') as EncodedAnswer; // by `write`
  return new HttpAnswer(status, bodyOf(body, isBase64Encoded, headers['content-type'] !== undefined), {
    headers,
    cookies,
  });
}

function bodyOf(body: string, isBase64Encoded: boolean, typed: boolean): unknown {
  if (isBase64Encoded) return Buffer.from(body, 'base64');
  return body === '' && !typed ? undefined : body;
}
