/**
 * HTTP API (payload format 2.0) and Function URL.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { identityOfV2 } from '../identity.ts';
import { parseQuery } from '../query.ts';
import type { HttpSource, HttpResult, EncodedAnswer } from './event.ts';
import { allHeaders, cookiePairs, oneHeader } from './header.ts';
import { withoutBasePath, withoutStage } from './prefix.ts';
import { resultOf } from './result.ts';

/** 6 MB, Lambda's own limit for a buffered answer. */
export const LAMBDA_ANSWER_LIMIT: number = 6 * 1024 * 1024;

function pathOf(event: APIGatewayProxyEventV2): string {
  const { stage } = event.requestContext;
  const path = event.rawPath;
  const inStage = withoutStage(path, stage);
  if (inStage !== path) return inStage;
  // A custom domain has no stage in the path, and may have a base path: the route that matched tells its length.
  const { routeKey = '$default' } = event as Partial<APIGatewayProxyEventV2>; // hand-written events leave it out
  const pattern = routeKey.slice(routeKey.indexOf(' ') + 1);
  return pattern.startsWith('/') ? withoutBasePath(path, pattern, event.pathParameters) : path;
}

function respond(answer: EncodedAnswer): HttpResult {
  const result = resultOf(answer);
  if (answer.cookies.length > 0) result.cookies = [...answer.cookies];
  return result;
}

/** API Gateway HTTP API. It gives up after 30 seconds. */
export const httpApi: HttpSource<APIGatewayProxyEventV2> = {
  name: 'httpApi',
  gatewayTimeout: 30_000,
  answerLimit: LAMBDA_ANSWER_LIMIT,
  method: (event) => event.requestContext.http.method,
  path: pathOf,
  // Seen by several frameworks: https://github.com/honojs/hono/issues/2156
  pathDecoded: true,
  pathParameters: (event) => event.pathParameters ?? {},
  header: (event, name) => oneHeader(event.headers, name),
  headers: (event) => allHeaders(event.headers),
  cookies: (event) => event.cookies ?? cookiePairs(oneHeader(event.headers, 'cookie')),
  query: (event) => parseQuery((event as Partial<APIGatewayProxyEventV2>).rawQueryString ?? ''), // as for the route key
  identity: ({ requestContext }) =>
    identityOfV2('authorizer' in requestContext ? requestContext.authorizer : undefined),
  requestId: (event) => event.requestContext.requestId,
  respond,
};

/** Lambda Function URL: no stage, no route, and no timeout but the function's own. */
export const functionUrl: HttpSource<APIGatewayProxyEventV2> = {
  ...httpApi,
  name: 'functionUrl',
  gatewayTimeout: Infinity,
  path: (event) => event.rawPath,
  pathDecoded: false,
};
