/**
 * The events of payload format 2.0: API Gateway HTTP APIs and Lambda Function URLs.
 *
 * @module
 */
import type { APIGatewayEventRequestContextV2 } from 'aws-lambda';

import { iamAuthorizer, v2Authorizer } from './authorizer.ts';
import { eventBody } from './body.ts';
import { joined, lowerCased } from './pairs.ts';
import { pathParameters, prefixed } from './path.ts';
import { percentDecode } from './percent.ts';
import { decodedQuery } from './query.ts';
import type { FunctionUrlEvent, HttpApiEvent, HttpSource } from './source.ts';
import { API_ID, gatewayTime, type WireRequest } from './wire.ts';

/**
 * What an HTTP API sends. Its path is decoded, which no other source does, and begins with the stage if that has a
 * name; a custom domain's base path is not in it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpApiEvent(wire: WireRequest): HttpApiEvent {
  const { stage = '$default', resource } = wire;
  const decoded = percentDecode(wire.path);
  const path = stage === '$default' ? decoded : prefixed(stage, decoded);
  const routeKey = resource === undefined ? '$default' : `${wire.method} ${resource}`;
  const parameters = resource === undefined ? [] : Object.entries(pathParameters(resource, wire.path));
  const authorizer = v2Authorizer(wire.authorizer);
  const place = { accountId: '123456789012', path, routeKey, stage };
  return {
    ...shared('httpApi', wire, place),
    requestContext: { ...context(wire, place), ...(authorizer === undefined ? {} : { authorizer }) },
    ...(parameters.length === 0
      ? {}
      : {
          pathParameters: Object.fromEntries(parameters.map(([name, value]) => [name, percentDecode(value)])),
        }),
  };
}

/**
 * What a Function URL sends: one route, one stage, the path as it was sent.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlEvent(wire: WireRequest): FunctionUrlEvent {
  const authorizer = iamAuthorizer(wire.authorizer);
  const place = {
    accountId: authorizer?.iam.accountId ?? 'anonymous',
    path: wire.path,
    routeKey: '$default',
    stage: '$default',
  };
  return {
    ...shared('functionUrl', wire, place),
    requestContext: { ...context(wire, place), ...(authorizer === undefined ? {} : { authorizer }) },
  };
}

/** Where the request arrived. */
interface Place {
  readonly accountId: string;
  readonly path: string;
  readonly routeKey: string;
  readonly stage: string;
}

function shared(
  source: HttpSource,
  wire: WireRequest,
  place: Place,
): Omit<HttpApiEvent, 'requestContext' | 'pathParameters'> {
  const query = decodedQuery(wire.query);
  const { body, isBase64Encoded } = eventBody(source, wire);
  return {
    version: '2.0',
    routeKey: place.routeKey,
    rawPath: place.path,
    rawQueryString: wire.query,
    ...(wire.cookies.length === 0 ? {} : { cookies: [...wire.cookies] }),
    headers: joined(lowerCased(wire.headers)),
    ...(query.length === 0 ? {} : { queryStringParameters: joined(query) }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}

function context(wire: WireRequest, place: Place): APIGatewayEventRequestContextV2 {
  return {
    accountId: place.accountId,
    apiId: API_ID,
    domainName: wire.host,
    domainPrefix: wire.host.split('.', 1)[0] ?? '',
    http: {
      method: wire.method,
      path: place.path,
      protocol: 'HTTP/1.1',
      sourceIp: wire.sourceIp,
      userAgent: wire.userAgent ?? '',
    },
    requestId: wire.requestId,
    routeKey: place.routeKey,
    stage: place.stage,
    time: gatewayTime(wire.time),
    timeEpoch: wire.time.getTime(),
  };
}
