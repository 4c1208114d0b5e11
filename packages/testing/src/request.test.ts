import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { AnswerRefused } from './answer/refused.ts';
import { lambdaContext } from './context.ts';
import { httpEvent } from './http/event.ts';
import { type HttpSource, httpSources } from './http/source.ts';
import { request, requestAs } from './request.ts';

type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2 | ALBEvent;

/** Answers every source with what it was asked. */
async function echo(event: HttpEvent): Promise<unknown> {
  const isV2 = 'rawPath' in event;
  const path = isV2 ? event.rawPath : event.path;
  const method = isV2 ? event.requestContext.http.method : event.httpMethod;
  const body = method === 'HEAD' ? '' : JSON.stringify({ method, path, body: event.body || null });
  const isBalancer = 'elb' in event.requestContext;
  return {
    statusCode: 200,
    body,
    isBase64Encoded: false,
    ...(isBalancer && { statusDescription: '200 OK' }),
    ...(isBalancer && 'multiValueHeaders' in event
      ? { multiValueHeaders: { 'content-type': ['application/json'] } }
      : { headers: { 'content-type': 'application/json' } }),
  };
}

async function echoWithBody(event: HttpEvent): Promise<unknown> {
  return Object.assign(Object(await echo(event)), { body: 'x' });
}

async function scribble(event: HttpEvent): Promise<unknown> {
  event.body = 'changed';
  return echo(event);
}

describe.each(['', 'GET', '/items', 'get /items', 'GET items', 'GET  /items', 'GET https://a.example/'])(
  'the line %j',
  (line) => {
    it('is refused', async () => {
      await expect(request(echo, line)).rejects.toThrow(/is not a request line/);
    });
  },
);

describe.each(httpSources)('%s', (source) => {
  const send = requestAs(source);

  it('plays a request from its line to its response', async () => {
    const response = await send(echo, 'POST /items?x=1', { body: { name: 'lamp' } });
    expect(response.status).toBe(200);
    expect(response.header('Content-Type')).toBe('application/json');
    expect(response.json()).toEqual({ method: 'POST', path: '/items', body: '{"name":"lamp"}' });
  });

  it('H1 comes from that source', async () => {
    const keys: string[][] = [];
    const handler = async (event: HttpEvent): Promise<unknown> => {
      keys.push(Object.keys(event).toSorted());
      return echo(event);
    };
    await send(handler, 'GET /');
    expect(keys).toEqual([Object.keys(httpEvent(source)).toSorted()]);
  });

  it('A7 refuses a handler that changes the event', async () => {
    await expect(send(scribble, 'GET /')).rejects.toThrow('event.body is not what it was');
  });

  it('H11 H12 refuses an answer that the source would not take', async () => {
    await expect(send(async () => 'hello', 'GET /')).rejects.toBeInstanceOf(AnswerRefused);
  });

  it('H13 knows that a HEAD has no body', async () => {
    expect((await send(echo, 'HEAD /items')).text()).toBe('');
    await expect(send(echoWithBody, 'HEAD /items')).rejects.toMatchObject({ rule: 'H13' });
  });

  it('takes the query in the line or in the options, not in both', async () => {
    const seen: unknown[] = [];
    const handler = async (event: HttpEvent): Promise<unknown> => {
      seen.push(
        event.queryStringParameters ??
          ('multiValueQueryStringParameters' in event && event.multiValueQueryStringParameters),
      );
      return echo(event);
    };
    await send(handler, 'GET /items?a=1');
    await send(handler, 'GET /items', { query: { a: '1' } });
    expect(seen[0]).toEqual(seen[1]);
    await expect(send(handler, 'GET /items?a=1', { query: { a: '1' } })).rejects.toThrow(/stated twice/);
  });
});

describe('request', () => {
  it('comes from an HTTP API unless told otherwise', async () => {
    const source: HttpSource[] = [];
    const handler = async (event: HttpEvent): Promise<unknown> => {
      source.push('rawPath' in event ? 'httpApi' : 'rest');
      return echo(event);
    };
    await request(handler, 'GET /');
    await request(handler, 'GET /', { source: 'rest' });
    expect(source).toEqual(['httpApi', 'rest']);
  });

  it('hands its context on', async () => {
    const context = lambdaContext({ functionName: 'orders' });
    const seen: unknown[] = [];
    await request(
      async (event: HttpEvent, given: unknown) => {
        seen.push(given);
        return echo(event);
      },
      'GET /',
      { context },
    );
    expect(seen).toEqual([context]);
  });
});
