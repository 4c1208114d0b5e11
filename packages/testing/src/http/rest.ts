/**
 * The event of an API Gateway REST API (payload format 1.0).
 *
 * @module
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';

import { restAuthorizer, restIdentity } from './authorizer.ts';
import { eventBody } from './body.ts';
import { lastOfEach, listed, type Pairs } from './pairs.ts';
import { pathParameters, prefixed } from './path.ts';
import { percentDecode } from './percent.ts';
import { decodedQuery } from './query.ts';
import { API_ID, gatewayTime, type WireRequest } from './wire.ts';

/**
 * What a REST API sends: header names as the client wrote them, everything once with its last value and once with
 * all, the query decoded, the path not.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function restEvent(wire: WireRequest): APIGatewayProxyEvent {
  const { stage = 'prod', basePath, resource = wire.path === '/' ? '/' : '/{proxy+}' } = wire;
  const headers: Pairs =
    wire.cookies.length === 0 ? wire.headers : [...wire.headers, ['Cookie', wire.cookies.join('; ')]];
  const query = decodedQuery(wire.query);
  const parameters = Object.entries(pathParameters(resource, wire.path)).map(
    ([name, value]) => [name, percentDecode(value)] as const,
  );
  const { body, isBase64Encoded } = eventBody('rest', wire);
  // A base path stays in both paths; the stage is in the context's, unless a mapping has chosen it already.
  const path = basePath === undefined ? wire.path : prefixed(basePath, wire.path);
  return {
    resource,
    path,
    httpMethod: wire.method,
    headers: lastOfEach(headers),
    multiValueHeaders: listed(headers),
    queryStringParameters: query.length === 0 ? null : lastOfEach(query),
    multiValueQueryStringParameters: query.length === 0 ? null : listed(query),
    pathParameters: parameters.length === 0 ? null : Object.fromEntries(parameters),
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: API_ID,
      authorizer: restAuthorizer(wire.authorizer),
      domainName: wire.host,
      domainPrefix: wire.host.split('.', 1)[0],
      extendedRequestId: `${wire.requestId.slice(0, 8)}=`,
      httpMethod: wire.method,
      identity: restIdentity(wire.authorizer, { sourceIp: wire.sourceIp, userAgent: wire.userAgent ?? null }),
      path: basePath === undefined ? prefixed(stage, wire.path) : path,
      protocol: 'HTTP/1.1',
      requestId: wire.requestId,
      requestTime: gatewayTime(wire.time),
      requestTimeEpoch: wire.time.getTime(),
      resourceId: 'r1s2t3',
      resourcePath: resource,
      stage,
    },
    body: body ?? null,
    isBase64Encoded,
  };
}
