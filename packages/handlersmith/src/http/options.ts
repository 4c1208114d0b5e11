/**
 * What the HTTP factories take, and the checks of it.
 *
 * @module
 */
import { type FunctionOptions, functionRules } from '../handler/environment.ts';
import { isObject } from '../handler/object.ts';
import {
  callback,
  checkOptions,
  flag,
  isCount,
  isListOf,
  milliseconds,
  type OptionRules,
  text,
} from '../handler/options.ts';
import { isSchema, type Schema, schemaRule } from '../handler/schema.ts';
import { type IdempotencyOptions, idempotencyRule } from '../idempotency/options.ts';
import type { BodyFormat } from './body.ts';
import type { CorsOptions } from './cors.ts';
import type { IdempotentRequest } from './idempotency.ts';

/** What every HTTP handler takes besides {@link FunctionOptions}. Everything has a default. */
export interface HttpOptions extends FunctionOptions {
  /** Milliseconds after which the gateway gives up. Default 29,000 for REST, 30,000 for HTTP API, else none. */
  readonly gatewayTimeout?: number;
  /** Who may call from a browser page of another origin. Default: nobody. */
  readonly cors?: CorsOptions;
  /** Bytes a request body may have; more is a 413. Default 1,048,576. */
  readonly bodyLimit?: number;
  /** One log line per request. Default `true`. */
  readonly accessLog?: boolean;
  /** The base path of a custom domain, where the event does not tell. */
  readonly basePath?: string;
  /** A path that tells whether the service is well: `/health`. Default: none. */
  readonly health?: HealthOptions;
}

/** A health check. */
export interface HealthOptions {
  /** Answered with 200 when `check` passes, with 503 when it throws. */
  readonly path: string;
  /** Looks at what the service needs. Default: nothing, the function runs. */
  readonly check?: () => unknown;
}

/** What a route, or a handler of its own, says of its requests and answers. */
export interface RouteOptions {
  /** The body's schema. Without one the body is not read until `body` is touched. */
  readonly body?: Schema;
  /** How the body is read: default `'json'`. */
  readonly consumes?: BodyFormat;
  /** Schema of the query parameters, an object; numbers, booleans and lists are coerced from strings. */
  readonly query?: Schema;
  /** Schema of the path parameters, an object; coerced like the query. */
  readonly path?: Schema;
  /** Schema of the request headers, an object with lower-case names. */
  readonly headers?: Schema;
  /** Schema of the cookies, an object. */
  readonly cookies?: Schema;
  /** Schema of the authorizer's claims; no authorizer is a 401, other claims are a 403. */
  readonly claims?: Schema;
  /** Schemas of the answers by status. Answers are checked, and unknown fields go as the schema says. */
  readonly response?: { readonly [status: number]: Schema };
  /** Bytes the body may have, for this route. */
  readonly bodyLimit?: number;
  /** One execution per key: a request that comes again gets the first answer. Default: every request runs. */
  readonly idempotency?: IdempotencyOptions<IdempotentRequest>;
  /** One line for the OpenAPI document. */
  readonly summary?: string;
  /** More of it, in Markdown. */
  readonly description?: string;
  /** Groups routes in the OpenAPI document. */
  readonly tags?: readonly string[];
  /** The name generated clients give the call. */
  readonly operationId?: string;
  /** Says that the route is on its way out. */
  readonly deprecated?: boolean;
}

const bytes = { expected: 'a whole number of bytes, 0 or more', accepts: isCount };
/** Rules of {@link RouteOptions}. */
export const routeRules: OptionRules = {
  body: schemaRule,
  consumes: {
    expected: "'json', 'form', 'text' or 'bytes'",
    accepts: (value) => ['json', 'form', 'text', 'bytes'].includes(value as string), // any value may be looked for
  },
  query: schemaRule,
  path: schemaRule,
  headers: schemaRule,
  cookies: schemaRule,
  claims: schemaRule,
  response: {
    expected: 'an object of schemas by status, such as { 200: Item }',
    accepts: (value) =>
      isObject(value) &&
      Object.entries(value).every(([status, each]) => /^[2-5]\d\d$/.test(status) && isSchema(each)),
  },
  bodyLimit: bytes,
  idempotency: idempotencyRule,
  summary: text,
  description: text,
  tags: {
    expected: 'a list of strings',
    accepts: (value) => isListOf(value, () => true),
  },
  operationId: text,
  deprecated: flag,
};

/** Rules of {@link HttpOptions}. */
export const httpRules: OptionRules = {
  ...functionRules,
  gatewayTimeout: milliseconds,
  cors: { expected: 'an object such as { origins: ["https://app.example.com"] }', accepts: isObject },
  bodyLimit: bytes,
  accessLog: flag,
  basePath: {
    expected: 'a path such as /api',
    accepts: (value) => typeof value === 'string' && /^(?:\/[^/\s?#]+)+$/.test(value),
  },
  health: {
    expected: 'an object such as { path: "/health" }',
    accepts: (value) =>
      isObject(value) && 'path' in value && typeof value.path === 'string' && value.path.startsWith('/'),
  },
};

/** Checks the options of a factory. */
export function checkHttpOptions(factory: string, options: HttpOptions, rules: OptionRules): void {
  checkOptions(factory, options, rules);
  if (options.health !== undefined) {
    checkOptions(`${factory}: health`, options.health, { path: text, check: callback });
  }
}
