/**
 * Application Load Balancer, with single-value and with multi-value headers.
 *
 * @module
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
import type { ALBEvent } from 'aws-lambda';

import { decodeFormText, pairsOf } from '../query.ts';
import { statusText } from '../status.ts';
import type { EncodedAnswer, HttpResult, HttpSource } from './event.ts';
import { allHeaders, cookiePairs, oneHeader } from './header.ts';
import { resultOf } from './result.ts';

const ALB_ANSWER_LIMIT = 1024 * 1024;

/** Headers as single values. An answer can set one cookie only. */
export const alb: HttpSource<ALBEvent> = {
  name: 'alb',
  gatewayTimeout: Infinity,
  answerLimit: ALB_ANSWER_LIMIT,
  method: (event) => event.httpMethod,
  path: (event) => event.path,
  pathDecoded: false,
  pathParameters: () => ({}),
  header: headerOf,
  headers: (event) => allHeaders(event.multiValueHeaders ?? event.headers),
  cookies: (event) => cookiePairs(headerOf(event, 'cookie')),
  // A load balancer passes the query on as it came: it is decoded here, once.
  query: (event) =>
    pairsOf(event.multiValueQueryStringParameters ?? event.queryStringParameters, decodeFormText),
  identity: () => ({ kind: 'none' }),
  requestId: () => undefined,
  respond: (answer) => {
    const [cookie] = answer.cookies;
    const result = described(answer);
    return cookie === undefined
      ? result
      : { ...result, headers: { ...answer.headers, 'set-cookie': cookie } };
  },
};

/** Headers as lists. The load balancer takes an answer only in the mode it asked in. */
export const albMulti: HttpSource<ALBEvent> = {
  ...alb,
  name: 'albMulti',
  respond: (answer) => {
    const { headers, ...result } = described(answer);
    const multiValueHeaders: Record<string, string[]> = {};
    for (const [name, value] of Object.entries(headers ?? {})) multiValueHeaders[name] = [value];
    if (answer.cookies.length > 0) multiValueHeaders['Set-Cookie'] = [...answer.cookies];
    return { ...result, multiValueHeaders };
  },
};

function headerOf(event: ALBEvent, name: string): string | undefined {
  return oneHeader(event.multiValueHeaders ?? event.headers, name);
}

function described(answer: EncodedAnswer): HttpResult {
  return { ...resultOf(answer), statusDescription: `${answer.status} ${statusText(answer.status)}` };
}
