/**
 * Application Load Balancer, with single-value and with multi-value headers.
 *
 * @module
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
import type { ALBEvent } from 'aws-lambda';

import { decodeFormText } from '../query.ts';
import { statusText } from '../status.ts';
import type { EncodedAnswer, HttpResult, HttpSource, QueryPairs } from './event.ts';
import { allListed, allSingle, cookiePairs, listedHeader, singleHeader } from './header.ts';

const ALB_ANSWER_LIMIT = 1024 * 1024;

const shared = {
  gatewayTimeout: Infinity,
  answerLimit: ALB_ANSWER_LIMIT,
  method: (event: ALBEvent) => event.httpMethod,
  path: (event: ALBEvent) => event.path,
  pathDecoded: false,
  pathParameters: () => ({}),
  identity: () => ({ kind: 'none' }) as const,
  requestId: () => undefined,
};

function answerBase(answer: EncodedAnswer): HttpResult {
  return {
    statusCode: answer.status,
    statusDescription: `${answer.status} ${statusText(answer.status)}`,
    body: answer.body,
    isBase64Encoded: answer.isBase64Encoded,
  };
}

/** A load balancer passes the query on as it came: it is decoded here, once. */
function singleQuery(event: ALBEvent): QueryPairs {
  return Object.entries(event.queryStringParameters ?? {}).map(
    ([name, value]) => [decodeFormText(name), decodeFormText(value ?? '')] as const,
  );
}

function multiQuery(event: ALBEvent): QueryPairs {
  const pairs: (readonly [string, string])[] = [];
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) pairs.push([decodeFormText(name), decodeFormText(value)]);
  }
  return pairs;
}

/** Headers as single values. An answer can set one cookie only. */
export const alb: HttpSource<ALBEvent> = {
  ...shared,
  name: 'alb',
  header: (event, name) => singleHeader(event.headers, name),
  headers: (event) => allSingle(event.headers),
  cookies: (event) => cookiePairs(singleHeader(event.headers, 'cookie')),
  query: singleQuery,
  respond: (answer) => {
    const [cookie] = answer.cookies;
    const headers = cookie === undefined ? answer.headers : { ...answer.headers, 'set-cookie': cookie };
    return { ...answerBase(answer), headers };
  },
};

/** Headers as lists. The load balancer takes an answer only in the mode it asked in. */
export const albMulti: HttpSource<ALBEvent> = {
  ...shared,
  name: 'albMulti',
  header: (event, name) => listedHeader(event.multiValueHeaders, name),
  headers: (event) => allListed(event.multiValueHeaders),
  cookies: (event) => cookiePairs(listedHeader(event.multiValueHeaders, 'cookie')),
  query: multiQuery,
  respond: (answer) => {
    const multiValueHeaders: Record<string, string[]> = {};
    for (const [name, value] of Object.entries(answer.headers)) multiValueHeaders[name] = [value];
    if (answer.cookies.length > 0) multiValueHeaders['Set-Cookie'] = [...answer.cookies];
    return { ...answerBase(answer), multiValueHeaders };
  },
};
