/**
 * The events and answers of the five HTTP sources, and one way to read and write them all.
 *
 * @module
 */
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

import type { Identity } from '../identity.ts';

/** Who sends HTTP events: REST API (v1), HTTP API (v2), Function URL, load balancer with single or multi-value headers. */
export type HttpSourceName = 'rest' | 'httpApi' | 'functionUrl' | 'alb' | 'albMulti';

/** An event of any of the five sources. */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2 | ALBEvent;

/** What goes back to any of the five sources; each gets only the keys it knows. */
export interface HttpResult {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body: string;
  isBase64Encoded: boolean;
}

/** Pairs of a query string, decoded once, in the order they came, repeats kept. */
export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** An answer that only lacks the shape of its source. */
export interface EncodedAnswer {
  readonly status: number;
  /** Lower-case names; `set-cookie` is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** How one source says what a request is and takes its answer. */
export interface HttpSource<Event = never> {
  readonly name: HttpSourceName;
  /** Milliseconds until the gateway gives up by itself, by default; `Infinity` where that is not known. */
  readonly gatewayTimeout: number;
  /** Bytes of an answer that the source takes. */
  readonly answerLimit: number;
  method(event: Event): string;
  /** Without stage or base path. */
  path(event: Event): string;
  /** Whether `path` comes decoded already: to decode it again would take `%2541` for `A`. */
  readonly pathDecoded: boolean;
  /** Decoded by the gateway, by name; empty where it matched no pattern of its own. */
  pathParameters(event: Event): Readonly<Record<string, string | undefined>>;
  /** One header by its lower-case name, repeats joined with a comma. */
  header(event: Event, name: string): string | undefined;
  /** All headers, names in lower case, repeats joined with a comma. */
  headers(event: Event): Record<string, string>;
  /** The `name=value` pairs of all cookies. */
  cookies(event: Event): readonly string[];
  query(event: Event): QueryPairs;
  identity(event: Event): Identity;
  /** The gateway's id of the request, where it has one. */
  requestId(event: Event): string | undefined;
  respond(answer: EncodedAnswer): HttpResult;
}
