/**
 * CORS headers, worked out by `@middy/http-cors` and given to every answer.
 *
 * @module
 */
import httpCors from '@middy/http-cors';

import { checkOptions, flag, isCount, isListOf, type OptionRules } from '../handler/options.ts';

/**
 * Who may call from a browser page of another origin.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export interface CorsOptions {
  /** Origins that may call: `https://app.example.com`, `https://*.example.com` (one label), or `*` for any. */
  readonly origins: readonly string[];
  /** Whether cookies and `Authorization` of the browser come along. Not together with `*`. */
  readonly credentials?: boolean;
  /** Methods a preflight allows. Default: the methods that the path has. */
  readonly methods?: readonly string[];
  /** Request headers a preflight allows. Default: those it asks for. */
  readonly headers?: readonly string[];
  /** Response headers that scripts may read besides the safelisted ones. */
  readonly exposeHeaders?: readonly string[];
  /** Seconds a browser may remember a preflight. */
  readonly maxAge?: number;
}

/** The CORS headers of one answer, names in lower case. */
export type CorsHeaders = Readonly<Record<string, string>>;

/** The CORS policy of a handler. */
export interface Cors {
  /** For any answer to a request from `origin`. */
  headersFor(origin: string | undefined): CorsHeaders;
  /** For the answer to a preflight. */
  preflight(
    origin: string | undefined,
    allow: readonly string[],
    requestedHeaders: string | undefined,
  ): CorsHeaders;
}

const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';

const headerNames = { expected: 'a list of header names', accepts: areTokens };

const rules = {
  origins: {
    expected: 'a list of origins such as https://app.example.com, or ["*"]',
    accepts: (value: unknown) => isListOf(value, isOrigin) && value.length > 0,
  },
  credentials: flag,
  methods: { expected: 'a list of methods', accepts: areTokens },
  headers: headerNames,
  exposeHeaders: headerNames,
  maxAge: { expected: 'a number of seconds', accepts: isCount },
} satisfies OptionRules;

/** Lists that go into answers as they are. */
function areTokens(value: unknown): boolean {
  return isListOf(value, (item) => tokens.test(item));
}

function isOrigin(origin: string): boolean {
  return origin === '*' || /^[a-z][a-z0-9+.-]*:\/\/[^/\s,]+$/i.test(origin);
}

/**
 * Makes the policy, once, when the handler is built. The package is asked for each listed origin then, so that
 * answering costs a look-up; only patterns such as `https://*.example.com` are asked anew per request.
 *
 * @throws TypeError when an option is wrong, `*` with credentials among them
 */
export function corsOf(factory: string, options: CorsOptions): Cors {
  checkOptions(`${factory}: cors`, options, rules);
  if (!rules.origins.accepts(options.origins))
    throw new TypeError(
      `${factory}: cors: option "origins" is missing; it must be ${rules.origins.expected}`,
    );
  const { origins, credentials = false, methods, headers } = options;
  const anyOrigin = origins.includes('*');
  if (anyOrigin && credentials) {
    throw new TypeError(
      `${factory}: cors.origins "*" with cors.credentials would let every site act as the user; list the origins`,
    );
  }
  const ask = asker(options, anyOrigin);
  const known = new Map<string, CorsHeaders>();
  for (const origin of origins) if (!origin.includes('*')) known.set(origin.toLowerCase(), ask(origin));
  const hasPatterns = origins.some((origin) => origin !== '*' && origin.includes('*'));
  const others = ask(undefined);

  const headersFor = (origin: string | undefined): CorsHeaders => {
    if (anyOrigin || origin === undefined) return others;
    const listed = known.get(origin.toLowerCase());
    if (listed !== undefined || !hasPatterns || !isOrigin(origin)) return listed ?? others;
    const matched = ask(origin);
    // The package parses what it compares: a text that is not the origin it is read as, no browser has sent.
    return matched[ALLOW_ORIGIN] === origin ? matched : others;
  };
  return {
    headersFor,
    preflight: (origin, allow, requestedHeaders) => {
      const base = headersFor(origin);
      if (base[ALLOW_ORIGIN] === undefined) return base;
      const result: Record<string, string> = {
        ...base,
        'access-control-allow-methods': (methods ?? allow).filter((method) => tokens.test(method)).join(', '),
      };
      const allowedHeaders = headers?.join(', ') ?? requestedHeaders;
      if (allowedHeaders !== undefined && tokens.test(allowedHeaders))
        result['access-control-allow-headers'] = allowedHeaders;
      if (headers === undefined) result['vary'] = joined(result['vary'], 'Access-Control-Request-Headers');
      if (options.maxAge !== undefined) result['access-control-max-age'] = String(options.maxAge);
      return result;
    },
  };
}

/** Header and method names: what a preflight asks for comes from outside and goes into the answer. */
const tokens = /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;

/** What the package reads of a Middy request, and what it writes. */
interface CorsRequest {
  event: { version: '2.0'; headers: Record<string, string>; requestContext: { http: { method: string } } };
  response: { statusCode: number; headers: Record<string, string> };
}

function asker(options: CorsOptions, anyOrigin: boolean): (origin: string | undefined) => CorsHeaders {
  const middleware = httpCors({
    origins: [...options.origins],
    ...(options.credentials === true ? { credentials: true } : {}),
    ...(options.exposeHeaders === undefined ? {} : { exposeHeaders: options.exposeHeaders.join(', ') }),
  });
  // Its types ask for a whole Lambda request; it reads and writes what CorsRequest names.
  const after = middleware.after as unknown as (request: CorsRequest) => void;
  return (origin) => {
    const request: CorsRequest = {
      event: {
        version: '2.0',
        headers: origin === undefined ? {} : { origin },
        requestContext: { http: { method: 'GET' } },
      },
      response: { statusCode: 200, headers: {} }, // a fresh one: the package writes into the response it is given
    };
    after(request);
    const result: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.response.headers)) result[name.toLowerCase()] = value;
    if (result[ALLOW_ORIGIN] === undefined) delete result[ALLOW_CREDENTIALS];
    // The answer depends on the origin whenever not all of them are let in, also when this one is not.
    if (anyOrigin) delete result['vary'];
    else result['vary'] = 'Origin';
    return result;
  };
}

function joined(list: string | undefined, item: string): string {
  if (list === undefined) return item;
  const named = list.toLowerCase().split(/, */);
  return named.includes(item.toLowerCase()) ? list : `${list}, ${item}`;
}

/** Adds CORS headers to an answer's own: `vary` of both is kept, whom to let in is for the policy alone to say. */
export function withCors(
  headers: Readonly<Record<string, string>>,
  cors: CorsHeaders,
): Record<string, string> {
  const vary = headers['vary'];
  const merged: Record<string, string> = { ...headers, ...cors };
  if (vary !== undefined && cors['vary'] !== undefined) merged['vary'] = joined(vary, cors['vary']);
  if (cors[ALLOW_ORIGIN] === undefined && ALLOW_ORIGIN in headers) {
    delete merged[ALLOW_ORIGIN];
    delete merged[ALLOW_CREDENTIALS];
  }
  return merged;
}
