/**
 * Payload format 1.0: REST APIs, and routes of HTTP APIs that ask for it.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
import { commonParts, multiValueLines } from './answer.ts';
import type { CommonParts } from './answer.ts';
import type { Identity } from './authorizer.ts';
import type { EventBody } from './body.ts';
import { authorizerV1, identityV1 } from './identity.ts';
import { decodedQuery, lastOfEach, listed, unlessEmpty } from './pairs.ts';
import type { GatewayRequest, Pairs } from './request.ts';
import { header } from './request.ts';
import { commonLogTime } from './time.ts';

/** What of an event depends on the gateway and its route. */
export interface PlaceV1 {
  readonly accountId: string;
  readonly apiId: string;
  readonly resource: string;
  readonly stage: string;
  /** Without the stage. */
  readonly path: string;
  /** As the context has it, with the stage. */
  readonly contextPath: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly identity: Identity | undefined;
  /** The key a route asked for. */
  readonly apiKey?: string | undefined;
  readonly body: EventBody;
  /** `1.0` on an HTTP API; a REST API has none. */
  readonly version?: string;
}

export function eventV1(request: GatewayRequest, place: PlaceV1): object {
  const query = decodedQuery(request.query);
  const host = header(request.headers, 'host') ?? 'localhost';
  const authorizer = authorizerV1(place.identity);
  return {
    ...(place.version !== undefined && { version: place.version }),
    resource: place.resource,
    path: place.path,
    httpMethod: request.method,
    headers: lastOfEach(request.headers),
    multiValueHeaders: listed(request.headers),
    queryStringParameters: unlessEmpty(lastOfEach(query)) ?? null,
    multiValueQueryStringParameters: unlessEmpty(listed(query)) ?? null,
    pathParameters: unlessEmpty({ ...place.parameters }) ?? null,
    stageVariables: null,
    requestContext: {
      accountId: place.accountId,
      apiId: place.apiId,
      ...(authorizer !== undefined && { authorizer }),
      domainName: host,
      domainPrefix: host.split(/[.:]/u)[0] ?? host,
      extendedRequestId: `${request.id.slice(0, 8)}=`,
      httpMethod: request.method,
      identity: identityV1(request, place.identity, place.apiKey),
      path: place.contextPath,
      protocol: request.protocol,
      requestId: request.id,
      requestTime: commonLogTime(request.time),
      requestTimeEpoch: request.time,
      resourceId: 'local',
      resourcePath: place.resource,
      stage: place.stage,
    },
    body: place.body.body ?? null,
    isBase64Encoded: place.body.isBase64Encoded,
  };
}

/**
 * The parts of an answer in this format: `multiValueHeaders` beside `headers`, a value that is in both taken once.
 *
 * @returns undefined where it is malformed
 */
export function readV1(payload: unknown): (CommonParts & { readonly lines: Pairs }) | undefined {
  const parts = commonParts(payload);
  const lists = multiValueLines(parts?.answer['multiValueHeaders'] ?? null);
  if (parts === undefined || lists === undefined) return undefined;
  const listedAlready = new Set(lists.map(([name, value]) => `${name}\n${value}`));
  const singles = parts.headers.filter(([name, value]) => !listedAlready.has(`${name}\n${value}`));
  return { ...parts, lines: [...singles, ...lists] };
}
