import {
  httpEvent,
  type HttpRequest,
  type HttpSource as SourceName,
  httpSources,
} from '@handlersmith/testing';
import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { MalformedEncoding } from '../query.ts';
import { alb, albMulti } from './alb.ts';
import type { EncodedAnswer, HttpSource } from './event.ts';
import { sourceOf } from './index.ts';
import { rest } from './rest.ts';
import { functionUrl, httpApi } from './v2.ts';

/** What a source reads out of the event of a request. */
function read(name: SourceName, request: HttpRequest): { [Part in keyof HttpSource]?: unknown } {
  const event = httpEvent(name, request) as never; // each source reads its own events
  const source = sourceOf(event);
  return {
    method: source.method(event),
    path: source.path(event),
    query: source.query(event),
    cookies: source.cookies(event),
    headers: source.headers(event),
    identity: source.identity(event),
    requestId: source.requestId(event),
    pathParameters: source.pathParameters(event),
  };
}

describe.each(httpSources)('%s', (name) => {
  it('reads method, path, query and cookies alike', () => {
    const seen = read(name, {
      method: 'PUT',
      path: '/items/7',
      query: 'a=x%20y&b=1%2B1&c=',
      cookies: ['a=1', 'b=2'],
      headers: { 'X-Tenant': 'a' },
    });
    expect(seen).toMatchObject({
      method: 'PUT',
      path: '/items/7',
      query: [
        ['a', 'x y'],
        ['b', '1+1'],
        ['c', ''],
      ],
      cookies: ['a=1', 'b=2'],
      headers: { 'x-tenant': 'a' },
    });
  });

  it('has no query, cookies or caller where there are none', () => {
    expect(read(name, {})).toMatchObject({
      method: 'GET',
      path: '/',
      query: [],
      cookies: [],
      identity: { kind: 'none' },
    });
  });
});

describe.each(['rest', 'httpApi', 'functionUrl', 'albMulti'] as const)('H6 %s', (name) => {
  it('keeps repeats', () => {
    expect(read(name, { query: 'a=1&b=x&a=2,3' }).query).toEqual(
      expect.arrayContaining([
        ['a', '1'],
        ['a', '2,3'],
        ['b', 'x'],
      ]),
    );
  });
});

describe.each(['httpApi', 'functionUrl', 'alb', 'albMulti'] as const)('H6 %s', (name) => {
  it('refuses a malformed query', () => {
    expect(() => read(name, { query: 'a=%' })).toThrow(MalformedEncoding);
  });
});

describe('H8 paths', () => {
  it('have no stage', () => {
    expect(read('rest', { path: '/items', stage: 'prod' }).path).toBe('/items');
    expect(read('httpApi', { path: '/items', stage: 'prod' }).path).toBe('/items');
    expect(read('httpApi', { path: '/items' }).path).toBe('/items');
  });

  it('have no base path of a custom domain', () => {
    for (const name of ['rest', 'httpApi'] as const) {
      expect(read(name, { path: '/items/7', basePath: 'v1', resource: '/items/{id}' }).path).toBe('/items/7');
      expect(read(name, { path: '/items/7', basePath: 'v1', resource: '/{proxy+}' }).path).toBe('/items/7');
    }
  });

  it('are said to be decoded by the one source that decodes them', () => {
    expect([rest, httpApi, functionUrl, alb, albMulti].map((source) => source.pathDecoded)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('hand-written and trimmed events', () => {
  it('of REST may lack all but method and path', () => {
    const event = { httpMethod: 'GET', path: '/items' };
    expect(rest.path(event)).toBe('/items');
    expect(rest.query(event)).toEqual([]);
    expect(rest.cookies(event)).toEqual([]);
    expect(rest.pathParameters(event)).toEqual({});
    expect(rest.identity(event)).toEqual({ kind: 'none' });
    expect(rest.requestId(event)).toBeUndefined();
    expect(Object.keys(rest.headers(event))).toEqual([]);
  });

  it('of REST may have single values only, holes and nulls', () => {
    const event = {
      httpMethod: 'GET',
      path: '/',
      headers: { Cookie: 'a=1' },
      multiValueHeaders: null,
      queryStringParameters: { a: '1', b: undefined },
      multiValueQueryStringParameters: null,
      pathParameters: null,
    } as unknown as APIGatewayProxyEvent; // as consoles and tests send them
    expect(rest.query(event)).toEqual([['a', '1']]);
    expect(rest.cookies(event)).toEqual(['a=1']);
    const listed = { ...event, multiValueQueryStringParameters: { a: ['1', '2'], b: undefined } };
    expect(rest.query(listed)).toEqual([
      ['a', '1'],
      ['a', '2'],
    ]);
  });

  it('of HTTP API may lack route key, query, cookies and parameters', () => {
    const {
      routeKey: _routeKey,
      rawQueryString: _query,
      cookies: _cookies,
      pathParameters: _parameters,
      ...event
    } = httpEvent('httpApi', { path: '/items', headers: { cookie: 'a=1; b=2' } });
    const trimmed = event as APIGatewayProxyEventV2; // on purpose
    expect(httpApi.path(trimmed)).toBe('/items');
    expect(httpApi.pathParameters(trimmed)).toEqual({});
    expect(httpApi.query(trimmed)).toEqual([]);
    expect(httpApi.cookies({ ...trimmed, headers: { cookie: 'a=1; b=2' } })).toEqual(['a=1', 'b=2']);
  });

  it('of a load balancer may lack a query', () => {
    const event = {
      ...httpEvent('alb'),
      queryStringParameters: undefined,
      multiValueQueryStringParameters: undefined,
    } as unknown as ALBEvent;
    expect(alb.query(event)).toEqual([]);
    expect(albMulti.query(event)).toEqual([]);
    expect(alb.query({ ...event, queryStringParameters: { 'a+b': '', c: undefined } })).toEqual([
      ['a b', ''],
    ]);
    expect(
      albMulti.query({ ...event, multiValueQueryStringParameters: { a: undefined, b: ['%31'] } }),
    ).toEqual([['b', '1']]);
  });
});

describe('respond', () => {
  const answer: EncodedAnswer = {
    status: 404,
    headers: { 'content-type': 'text/plain', 'x-a': '1' },
    cookies: ['a=1; Expires=Wed, 21 Oct', 'b=2'],
    body: 'x',
    isBase64Encoded: false,
  };
  const headers = answer.headers;
  const bare = { statusCode: 404, body: 'x', isBase64Encoded: false };

  it('H9 H11 REST: known keys only, cookies as a list of headers', () => {
    expect(rest.respond(answer)).toEqual({
      ...bare,
      headers,
      multiValueHeaders: { 'Set-Cookie': answer.cookies },
    });
    expect(rest.respond({ ...answer, cookies: [] })).toEqual({ ...bare, headers });
  });

  it.each([httpApi, functionUrl])(
    'H9 H12 payload 2.0: cookies apart, the status always said: $name',
    (source) => {
      expect(source.respond(answer)).toEqual({ ...bare, headers, cookies: answer.cookies });
      expect(source.respond({ ...answer, cookies: [] })).toEqual({ ...bare, headers });
    },
  );

  it('H9 H10 load balancer with single values: one cookie, a status description', () => {
    const described = { ...bare, statusDescription: '404 Not Found' };
    expect(alb.respond(answer)).toEqual({
      ...described,
      headers: { ...headers, 'set-cookie': answer.cookies[0] },
    });
    expect(alb.respond({ ...answer, cookies: [] })).toEqual({ ...described, headers });
  });

  it('H9 H10 load balancer with lists: all of them as lists', () => {
    const described = { ...bare, statusDescription: '404 Not Found' };
    const lists = { 'content-type': ['text/plain'], 'x-a': ['1'] };
    expect(albMulti.respond(answer)).toEqual({
      ...described,
      multiValueHeaders: { ...lists, 'Set-Cookie': answer.cookies },
    });
    expect(albMulti.respond({ ...answer, cookies: [] })).toEqual({ ...described, multiValueHeaders: lists });
  });

  it('A1 gives away no list that is shared', () => {
    expect(httpApi.respond(answer).cookies).not.toBe(answer.cookies);
    expect(rest.respond(answer).multiValueHeaders?.['Set-Cookie']).not.toBe(answer.cookies);
    expect(albMulti.respond(answer).multiValueHeaders?.['Set-Cookie']).not.toBe(answer.cookies);
  });

  it('H18 H19 says what the source waits and takes', () => {
    expect([rest, httpApi, functionUrl, alb, albMulti].map(({ gatewayTimeout }) => gatewayTimeout)).toEqual([
      29_000,
      30_000,
      Infinity,
      Infinity,
      Infinity,
    ]);
    expect(
      [rest, httpApi, functionUrl, alb, albMulti].map(({ answerLimit }) => answerLimit / 1024 / 1024),
    ).toEqual([6, 6, 6, 1, 1]);
  });
});
