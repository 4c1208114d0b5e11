/**
 * REST API (payload format 1.0).
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';

import { identityOfV1 } from '../identity.ts';
import { pairsOf } from '../query.ts';
import type { EncodedAnswer, HttpResult, HttpSource } from './event.ts';
import { allHeaders, cookiePairs, oneHeader } from './header.ts';
import { withoutBasePath } from './prefix.ts';
import { resultOf } from './result.ts';
import { LAMBDA_ANSWER_LIMIT } from './v2.ts';

/** A hand-written or trimmed event may lack what API Gateway always sends: parts are optional here. */
type RestEvent = Partial<APIGatewayProxyEvent> & Pick<APIGatewayProxyEvent, 'httpMethod' | 'path'>;

function headerOf(event: RestEvent, name: string): string | undefined {
  return oneHeader(event.multiValueHeaders, name) ?? oneHeader(event.headers, name);
}

function pathOf(event: RestEvent): string {
  const context = event.requestContext;
  // On the API's own domain the request context has the stage in front; on a custom domain both are alike.
  const customDomain = context?.path === event.path;
  if (!customDomain || event.resource === undefined || !event.resource.startsWith('/')) return event.path;
  return withoutBasePath(event.path, event.resource, event.pathParameters);
}

function respond(answer: EncodedAnswer): HttpResult {
  const result = resultOf(answer);
  if (answer.cookies.length > 0) result.multiValueHeaders = { 'Set-Cookie': [...answer.cookies] };
  return result;
}

/** API Gateway REST API. It gives up after 29 seconds unless a raised quota says otherwise. */
export const rest: HttpSource<RestEvent> = {
  name: 'rest',
  gatewayTimeout: 29_000,
  answerLimit: LAMBDA_ANSWER_LIMIT,
  method: (event) => event.httpMethod,
  path: pathOf,
  pathDecoded: false,
  pathParameters: (event) => event.pathParameters ?? {},
  header: headerOf,
  headers: (event) => Object.assign(allHeaders(event.headers), allHeaders(event.multiValueHeaders)),
  cookies: (event) => cookiePairs(headerOf(event, 'cookie')),
  // Decoded by API Gateway.
  query: (event) => pairsOf(event.multiValueQueryStringParameters ?? event.queryStringParameters),
  identity: (event) => identityOfV1(event.requestContext?.authorizer, event.requestContext?.identity),
  requestId: (event) => event.requestContext?.requestId,
  respond,
};
