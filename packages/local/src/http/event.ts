/**
 * A request as an HTTP API event, payload format 2.0.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { encodeBody } from './body.ts';

/** Headers that belong to one connection and end at the gateway. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface RequestTarget {
  /** Percent-decoded, as the gateway hands it over. */
  readonly path: string;
  /** As sent. */
  readonly query: string;
}

/**
 * The path and query of a request.
 *
 * An HTTP API decodes the path before it fills in `rawPath`, other than its name says and other than a Function URL:
 * `/a%2Fb` arrives as `/a/b`. The query arrives as it was sent.
 *
 * @returns undefined where the path is not valid percent-encoding
 */
export function requestTarget(url: string): RequestTarget | undefined {
  // A proxy's absolute form, `GET http://host/path`.
  const target = url.replace(/^https?:\/\/[^/?#]*/iu, '');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  try {
    return {
      path: decodeURIComponent(path.startsWith('/') ? path : `/${path}`),
      query: mark === -1 ? '' : target.slice(mark + 1),
    };
  } catch {
    return undefined;
  }
}

/**
 * @param target - from `requestTarget`
 * @param body - all of it
 * @param stage - `$default` or the stage's name
 * @param now - milliseconds since 1970
 */
export function httpApiEvent(
  request: IncomingMessage,
  target: RequestTarget,
  body: Buffer,
  stage: string,
  now: number,
): APIGatewayProxyEventV2 {
  const { headers, cookies } = gatewayHeaders(request, body, now);
  const method = request.method ?? 'GET';
  const host = headers['host'] ?? 'localhost';
  const query = queryStringParameters(target.query);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: target.path,
    rawQueryString: target.query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== undefined && { queryStringParameters: query }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: host,
      domainPrefix: host.split(/[.:]/u)[0] ?? host,
      http: {
        method,
        path: target.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIp(request),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: `${randomBytes(11).toString('base64')}=`.replace(/[+/]/gu, '-').slice(0, 16),
      routeKey: '$default',
      stage,
      time: commonLogTime(new Date(now)),
      timeEpoch: now,
    },
    ...encodeBody(body, headers['content-type']),
  };
}

/** Lower-case names; repeats joined by a comma in the order they came; cookies apart. */
function gatewayHeaders(
  request: IncomingMessage,
  body: Buffer,
  now: number,
): { headers: Record<string, string>; cookies: string[] } {
  const lines = new Map<string, string[]>();
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    // Node reads header bytes as Latin-1; they are UTF-8 wherever they are not ASCII.
    const value = Buffer.from(request.rawHeaders[index + 1] ?? '', 'latin1').toString('utf8');
    if (!HOP_BY_HOP.has(name)) lines.set(name, [...(lines.get(name) ?? []), value]);
  }
  const cookies = (lines.get('cookie') ?? [])
    .flatMap((line) => line.split(/;\s*/u))
    .filter((cookie) => cookie !== '');
  lines.delete('cookie');

  const headers = Object.fromEntries([...lines].map(([name, values]) => [name, values.join(',')]));
  const forwarded = headers['x-forwarded-for'];
  return {
    headers: {
      ...headers,
      'content-length': String(body.length),
      'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? traceId(now),
      'x-forwarded-for': forwarded === undefined ? sourceIp(request) : `${forwarded}, ${sourceIp(request)}`,
      'x-forwarded-port': String(request.socket.localPort ?? ''),
      'x-forwarded-proto': 'http',
    },
    cookies,
  };
}

/** Decoded, repeats joined by a comma; undefined without a query. */
function queryStringParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query))
    values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

function sourceIp(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/u, '');
}

function traceId(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(date: Date): string {
  const [day, hour, minute, second] = [
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ].map((part) => String(part).padStart(2, '0'));
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${hour}:${minute}:${second} +0000`;
}
