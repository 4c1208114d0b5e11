/**
 * REST API (payload format 1.0).
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';

import { identityOfV1 } from '../identity.ts';
import type { EncodedAnswer, HttpResult, HttpSource, QueryPairs } from './event.ts';
import { allListed, allSingle, cookiePairs, listedHeader, singleHeader } from './header.ts';
import { withoutBasePath } from './prefix.ts';
import { LAMBDA_ANSWER_LIMIT } from './v2.ts';

/** A hand-written or trimmed event may lack what API Gateway always sends: parts are optional here. */
type RestEvent = Partial<APIGatewayProxyEvent> & Pick<APIGatewayProxyEvent, 'httpMethod' | 'path'>;

function headerOf(event: RestEvent, name: string): string | undefined {
  return listedHeader(event.multiValueHeaders, name) ?? singleHeader(event.headers, name);
}

function pathOf(event: RestEvent): string {
  const context = event.requestContext;
  // On the API's own domain the request context has the stage in front; on a custom domain both are alike.
  const customDomain = context?.path === event.path;
  if (!customDomain || event.resource === undefined || !event.resource.startsWith('/')) return event.path;
  return withoutBasePath(event.path, event.resource, event.pathParameters);
}

/** API Gateway decodes the query of a REST API. */
function queryOf(event: RestEvent): QueryPairs {
  const pairs: [string, string][] = [];
  if (event.multiValueQueryStringParameters) {
    for (const [name, values] of Object.entries(event.multiValueQueryStringParameters)) {
      for (const value of values ?? []) pairs.push([name, value]);
    }
    return pairs;
  }
  for (const [name, value] of Object.entries(event.queryStringParameters ?? {})) {
    if (value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

function respond(answer: EncodedAnswer): HttpResult {
  const result: HttpResult = {
    statusCode: answer.status,
    headers: answer.headers,
    body: answer.body,
    isBase64Encoded: answer.isBase64Encoded,
  };
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
  headers: (event) => Object.assign(allSingle(event.headers), allListed(event.multiValueHeaders)),
  cookies: (event) => cookiePairs(headerOf(event, 'cookie')),
  query: queryOf,
  identity: (event) => identityOfV1(event.requestContext?.authorizer, event.requestContext?.identity),
  requestId: (event) => event.requestContext?.requestId,
  respond,
};
