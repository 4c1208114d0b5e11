/**
 * Which of the five sources sent an event.
 *
 * @module
 */
import { foreignEvent } from '../../handler/function.ts';
import { alb, albMulti } from './alb.ts';
import type { HttpSource } from './event.ts';
import { rest } from './rest.ts';
import { functionUrl, httpApi } from './v2.ts';

const EXPECTED = 'an HTTP event of API Gateway (payload 1.0 or 2.0), a Function URL or a load balancer';

/** What tells the sources apart; everything else may differ. */
interface Shape {
  version?: unknown;
  httpMethod?: unknown;
  path?: unknown;
  rawPath?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  requestContext?: { elb?: unknown; http?: unknown; domainName?: unknown } | null;
}

/**
 * Tells the source of an event by its shape.
 *
 * @throws TypeError when the event is not an HTTP event: names the keys that came, never their values
 */
export function sourceOf(event: unknown): HttpSource {
  const { version, httpMethod, path, rawPath, requestContext, multiValueHeaders } = (event ?? {}) as Shape; // looked at, not trusted
  if (requestContext?.elb !== undefined && typeof path === 'string')
    return multiValueHeaders === undefined ? alb : albMulti;
  if (version === '2.0' && requestContext?.http !== undefined && typeof rawPath === 'string') {
    const { domainName } = requestContext;
    return typeof domainName === 'string' && domainName.includes('.lambda-url.') ? functionUrl : httpApi;
  }
  if (typeof httpMethod === 'string' && typeof path === 'string') return rest;
  throw foreignEvent(EXPECTED, event);
}
