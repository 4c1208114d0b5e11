import {
  frozen,
  httpEvent,
  httpSources,
  invoke,
  lambdaContext,
  readAnswer,
  requestAs,
} from '@handlersmith/testing';
import type {
  ALBEvent,
  ALBHandler,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
} from 'aws-lambda';
import { httpHandler, httpRouter, route } from 'handlersmith/http';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const where = httpHandler({ logger: false }, ({ source, pathname }) => ({ source, pathname }));

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H1 is told apart from the other sources by its shape', async () => {
    const response = await request(where, 'GET /items');
    expect(response.json()).toEqual({ source, pathname: '/items' });
  });

  it('A7 the event is not written to, neither by us nor by what is read from it', async () => {
    const handler = httpRouter(
      { logger: false, cors: { origins: ['https://a.example'] } },
      {
        'POST /items/{id}': route(
          { body: z.object({ n: z.number() }), query: z.object({ q: z.coerce.number() }) },
          ({ body, query, path, headers, cookies, rawBody }) => ({
            body,
            query,
            path,
            all: [Object.keys(headers).length > 0, cookies['a'], rawBody.length],
          }),
        ),
      },
    );
    const event = httpEvent(source, {
      method: 'POST',
      path: '/items/7',
      query: 'q=1',
      cookies: { a: 'b' },
      body: { n: 1 },
    });
    const response = readAnswer(source, await invoke(handler, frozen(event)));
    expect(response.json()).toEqual({
      body: { n: 1 },
      query: { q: 1 },
      path: { id: '7' },
      all: [true, 'b', 7],
    });
  });

  it('A8 is answered with a promise of a plain answer, and no callback is taken', async () => {
    expect(where.length).toBeLessThan(3);
    const answer = where(httpEvent(source, { path: '/' }), lambdaContext());
    expect(answer).toBeInstanceOf(Promise);
    expect(JSON.parse(JSON.stringify(await answer))).toEqual(await answer);
  });
});

describe('H1 what alone does not tell a source', () => {
  it('a rest event behind a custom domain may have rawPath and version', async () => {
    const event = { ...httpEvent('rest', { path: '/items' }), rawPath: '/items', version: '1.0' };
    expect(readAnswer('rest', await invoke(where, event)).json()).toMatchObject({ source: 'rest' });
  });

  it('an alb event is one even with a version in it', async () => {
    const event = { ...httpEvent('alb', { path: '/items' }), version: '2.0' };
    expect(readAnswer('alb', await invoke(where, event)).json()).toMatchObject({ source: 'alb' });
  });

  it('an HTTP API with a custom domain is no Function URL', async () => {
    const event = httpEvent('httpApi', { path: '/', headers: { host: 'lambda-url.example.com' } });
    expect(readAnswer('httpApi', await invoke(where, event)).json()).toMatchObject({ source: 'httpApi' });
  });
});

describe('A9 an event that is not HTTP', () => {
  it.each([
    [{ Records: [{ messageId: 'secret-value' }] }, 'Records'],
    [{ version: '2.0', routeKey: 'secret-value' }, 'version, routeKey'],
    [{}, '(none)'],
    ['secret-value', 'string'],
    [null, 'null'],
    [7, 'number'],
  ])('%j is refused with what was expected and the keys that came', async (event, keys) => {
    const refused = await invoke(where, event).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TypeError);
    const { message } = refused as TypeError; // seen one line above
    expect(message).toContain('Expected an HTTP event of API Gateway');
    expect(message).toContain(keys);
    expect(message).not.toContain('secret-value');
  });
});

it('A8 fits the handler types of @types/aws-lambda', () => {
  expectTypeOf<(event: APIGatewayProxyEvent) => void>().not.toEqualTypeOf<APIGatewayProxyHandler>();
  // Assignments are what a user writes: they fail to compile if the handler does not fit.
  const rest: APIGatewayProxyHandler = where;
  const httpApi: APIGatewayProxyHandlerV2 = where;
  const alb: ALBHandler = where;
  expect([rest, httpApi, alb].every((handler) => typeof handler === 'function')).toBe(true);
  expectTypeOf(where).parameter(0).toEqualTypeOf<APIGatewayProxyEvent | APIGatewayProxyEventV2 | ALBEvent>();
});
