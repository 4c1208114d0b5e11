/**
 * Payload format 2.0: HTTP APIs and Function URLs.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { commonParts, cookieLines, isRecord, jsonAnswer, withContentType } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import type { EventBody } from './body.ts';
import { decodedQuery, joined, lowerCased, split, unlessEmpty } from './pairs.ts';
import type { GatewayRequest } from './request.ts';
import { header } from './request.ts';
import { commonLogTime } from './time.ts';

/** What of an event depends on the gateway and its route. */
export interface PlaceV2 {
  readonly accountId: string;
  readonly apiId: string;
  /** Default: where the request was sent to. */
  readonly domainName?: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly path: string;
  readonly requestId: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly authorizer?: object | undefined;
  readonly body: EventBody;
}

export function eventV2(request: GatewayRequest, place: PlaceV2): object {
  const [cookieHeaders, others] = split(request.headers, 'cookie');
  const cookies = cookieHeaders.flatMap((line) => line.split(/;\s*/u)).filter((cookie) => cookie !== '');
  const query = unlessEmpty(joined(decodedQuery(request.query)));
  const host = place.domainName ?? header(request.headers, 'host') ?? 'localhost';
  const { routeKey, stage, path, parameters = {}, authorizer } = place;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: { ...joined(lowerCased(others)), 'content-length': String(request.body.length) },
    ...(query !== undefined && { queryStringParameters: query }),
    ...(unlessEmpty({ ...parameters }) !== undefined && { pathParameters: parameters }),
    requestContext: {
      accountId: place.accountId,
      apiId: place.apiId,
      ...(authorizer !== undefined && { authorizer }),
      domainName: host,
      domainPrefix: host.split(/[.:]/u)[0] ?? host,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: header(request.headers, 'user-agent') ?? '',
      },
      requestId: place.requestId,
      routeKey,
      stage,
      time: commonLogTime(request.time),
      timeEpoch: request.time,
    },
    ...place.body,
  };
}

/**
 * Reads a function's answer. Without a status code the whole answer is the body of a 200.
 *
 * @returns undefined where it is malformed
 */
export function readV2(payload: unknown): GatewayAnswer | undefined {
  if (!isRecord(payload) || payload['statusCode'] === undefined) return jsonAnswer(200, payload);
  const parts = commonParts(payload);
  const cookies = cookieLines(payload['cookies'] ?? []);
  if (parts === undefined || parts.status < 200 || cookies === undefined) return undefined;
  const body = Buffer.from(parts.body, parts.isBase64Encoded ? 'base64' : 'utf8');
  return {
    status: parts.status,
    headers: withContentType([...parts.headers, ...cookies], body, 'text/plain;charset=UTF-8'),
    body,
  };
}
