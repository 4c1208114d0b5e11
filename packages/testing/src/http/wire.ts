/**
 * A stated request with everything filled in that every source needs: the request as it reaches the gateway.
 *
 * @module
 */
import { checkAuthorizer } from './authorizer.ts';
import { type WireBody, wireBody } from './body.ts';
import { cookiePairs, splitCookies } from './cookies.ts';
import { flattened, headerValues, isNamed, type Pairs } from './pairs.ts';
import { wirePath } from './path.ts';
import { wireQuery } from './query.ts';
import type { AuthorizerStatement, HttpRequest } from './request.ts';
import type { HttpSource } from './source.ts';

/** What a gateway knows of a request before it makes an event of it. */
export interface WireRequest {
  readonly method: string;
  /** Encoded, without stage and base path. */
  readonly path: string;
  /** Encoded, without a question mark. */
  readonly query: string;
  /** In the client's case, without cookies. */
  readonly headers: Pairs;
  /** `name=value` strings. */
  readonly cookies: readonly string[];
  readonly body: WireBody | undefined;
  readonly base64: boolean | undefined;
  readonly authorizer: AuthorizerStatement | undefined;
  readonly stage: string | undefined;
  readonly basePath: string | undefined;
  readonly resource: string | undefined;
  readonly host: string;
  readonly userAgent: string | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly time: Date;
}

/** The id in the host name that a gateway makes up for an API. */
export const API_ID = 'a1b2c3d4e5';

const HOSTS: Readonly<Record<HttpSource, string>> = {
  rest: `${API_ID}.execute-api.eu-west-1.amazonaws.com`,
  httpApi: `${API_ID}.execute-api.eu-west-1.amazonaws.com`,
  functionUrl: `${API_ID}.lambda-url.eu-west-1.on.aws`,
  alb: 'balancer-1234567890.eu-west-1.elb.amazonaws.com',
  albMulti: 'balancer-1234567890.eu-west-1.elb.amazonaws.com',
};

/**
 * Fills in what the test left out: host, client, trace id, content type and length.
 *
 * @throws TypeError when the source cannot send such a request
 */
export function wireRequest(source: HttpSource, request: HttpRequest): WireRequest {
  checkAuthorizer(source, request.authorizer);
  const { sourceIp = '203.0.113.7', requestId = crypto.randomUUID(), time = new Date() } = request;
  const body = wireBody(request.body);
  const stated = flattened(request.headers ?? {});
  const isApi = source === 'rest' || source === 'httpApi';
  const defaultHost = isApi && request.basePath !== undefined ? 'api.example.com' : HOSTS[source];
  const headers = withDefaults(request, stated, [
    ['Host', defaultHost],
    ['User-Agent', 'curl/8.14.1'],
    ['Accept', '*/*'],
    ['X-Amzn-Trace-Id', traceId(time, requestId)],
    ['X-Forwarded-For', sourceIp],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
    ...contentHeaders(source, request, body),
  ]);
  return {
    method: request.method ?? 'GET',
    path: wirePath(request.path ?? '/'),
    query: wireQuery(request.query),
    headers: headers.filter(([name]) => !isNamed(name, 'cookie')),
    cookies: [...headerValues(stated, 'cookie').flatMap(splitCookies), ...cookiePairs(request.cookies)],
    body,
    base64: request.base64,
    authorizer: request.authorizer,
    stage: request.stage,
    basePath: request.basePath,
    resource: request.resource,
    host: headerValues(headers, 'host').at(-1) ?? defaultHost,
    userAgent: headerValues(headers, 'user-agent').at(-1),
    sourceIp,
    requestId,
    time,
  };
}

/** The time as API Gateway writes it: `12/Mar/2020:19:03:58 +0000`. */
export function gatewayTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

function contentHeaders(source: HttpSource, request: HttpRequest, body: WireBody | undefined): Pairs {
  const contentType = request.contentType ?? (body?.json === true ? 'application/json' : undefined);
  const length = body?.bytes.length ?? (source === 'httpApi' ? 0 : undefined);
  return [
    ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
    // A REST API keeps the length to itself; an HTTP API sends it with a request that has no body too.
    ...(length === undefined || source === 'rest' ? [] : [['Content-Length', String(length)] as const]),
  ];
}

function withDefaults(request: HttpRequest, stated: Pairs, defaults: Pairs): Pairs {
  // An empty list states that the header is not sent, which the pairs cannot show.
  const names = new Set(Object.keys(request.headers ?? {}).map((name) => name.toLowerCase()));
  if (request.contentType !== undefined) names.delete('content-type');
  const kept = stated.filter(([name]) => request.contentType === undefined || !isNamed(name, 'content-type'));
  return [...kept, ...defaults.filter(([name]) => !names.has(name.toLowerCase()))];
}

function traceId(time: Date, requestId: string): string {
  const seconds = Math.floor(time.getTime() / 1000);
  const unique = requestId.replaceAll(/[^\da-f]/gi, '').toLowerCase();
  return `Root=1-${seconds.toString(16).padStart(8, '0')}-${unique.padEnd(24, '0').slice(0, 24)}`;
}
