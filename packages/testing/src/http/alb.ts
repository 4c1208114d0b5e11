/**
 * The events of an Application Load Balancer, with and without multi-value headers.
 *
 * @module
 */
import type { ALBEvent } from 'aws-lambda';

import { eventBody } from './body.ts';
import { lastOfEach, listed, lowerCased, type Pairs } from './pairs.ts';
import { encodedQuery } from './query.ts';
import type { WireRequest } from './wire.ts';

const TARGET_GROUP_ARN =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/test-function/6d0ecf831eec9f09';

/**
 * What a load balancer sends: one header and one query parameter of a name, the last that came.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function albEvent(wire: WireRequest): ALBEvent {
  return {
    ...target(wire.method, wire.path),
    queryStringParameters: lastOfEach(encodedQuery(wire.query)),
    headers: lastOfEach(headers(wire)),
    ...body('alb', wire),
  };
}

/**
 * What a load balancer sends for a target group with multi-value headers on: every header and parameter as a list.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#multi-value-headers
 */
export function albMultiEvent(wire: WireRequest): ALBEvent {
  return {
    ...target(wire.method, wire.path),
    multiValueQueryStringParameters: listed(encodedQuery(wire.query)),
    multiValueHeaders: listed(headers(wire)),
    ...body('albMulti', wire),
  };
}

/**
 * The health check of a load balancer, which has hardly a header and no host.
 *
 * @param source - `alb`, or `albMulti` for a target group with multi-value headers on
 * @param path - path that the target group is set to check
 * @example
 * const answer = await invoke(handler, albHealthCheck('alb', '/health'));
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#enable-health-checks-lambda
 */
export function albHealthCheck(source: 'alb' | 'albMulti' = 'alb', path = '/'): ALBEvent {
  const userAgent = 'ELB-HealthChecker/2.0';
  return {
    ...target('GET', path),
    ...(source === 'alb'
      ? { queryStringParameters: {}, headers: { 'user-agent': userAgent } }
      : { multiValueQueryStringParameters: {}, multiValueHeaders: { 'user-agent': [userAgent] } }),
    body: '',
    isBase64Encoded: false,
  };
}

function target(httpMethod: string, path: string): Pick<ALBEvent, 'requestContext' | 'httpMethod' | 'path'> {
  return { requestContext: { elb: { targetGroupArn: TARGET_GROUP_ARN } }, httpMethod, path };
}

function headers(wire: WireRequest): Pairs {
  const named = lowerCased(wire.headers);
  return wire.cookies.length === 0 ? named : [...named, ['cookie', wire.cookies.join('; ')]];
}

function body(source: 'alb' | 'albMulti', wire: WireRequest): Pick<ALBEvent, 'body' | 'isBase64Encoded'> {
  const { body: text = '', isBase64Encoded } = eventBody(source, wire);
  return { body: text, isBase64Encoded };
}
