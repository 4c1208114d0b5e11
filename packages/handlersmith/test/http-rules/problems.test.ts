import { httpEvent, httpSources, invoke, lambdaContext, readAnswer, requestAs } from '@handlersmith/testing';
/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import {
  badRequest,
  conflict,
  forbidden,
  httpHandler,
  HttpProblem,
  httpRouter,
  notFound,
  route,
  serviceUnavailable,
  tooManyRequests,
  unauthorized,
} from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const give = (value: unknown) => httpHandler({ logger: false }, () => value);
const throwing = (error: unknown) =>
  httpHandler({ logger: false }, () => {
    throw error;
  });

const api = httpRouter(
  { logger: false },
  {
    'GET /items': route(() => []),
    'POST /items': route(
      {
        body: z.object({ 'a/b': z.object({ '~': z.array(z.number()) }), name: z.string() }),
        query: z.object({ dry: z.boolean().optional() }),
        headers: z.object({ 'x-tenant': z.string() }),
        cookies: z.object({ sid: z.string() }),
      },
      () => ({}),
    ),
    'GET /items/{id}': route({ path: z.object({ id: z.number().int() }) }, ({ path }) => path),
    'PUT /items/{id}': route(() => ({})),
    'DELETE /items/{id}': route(() => undefined),
  },
);

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H16 a problem is problem+json with the request id', async () => {
    const context = lambdaContext({ awsRequestId: 'lambda-id' });
    const response = await request(give(notFound('No item 7')), 'GET /', {
      context,
      requestId: 'gateway-id',
    });
    expect(response.status).toBe(404);
    expect(response.header('content-type')).toBe('application/problem+json');
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'No item 7',
      // A load balancer has no id of its own.
      requestId: source.startsWith('alb') ? 'lambda-id' : 'gateway-id',
    });
  });

  it('H16 a problem may be thrown or returned, with members and headers of its own', async () => {
    const problem = new HttpProblem(409, 'Paid already', {
      type: 'https://example.com/paid',
      title: 'Paid',
      instance: '/orders/1',
      extensions: { order: 'o1', status: 1, requestId: 'mine' },
      headers: { 'X-Reason': 'paid' },
    });
    for (const handler of [give(problem), throwing(problem), give(Promise.reject(problem))]) {
      const response = await request(handler, 'GET /', {
        requestId: 'r1',
        context: lambdaContext({ awsRequestId: 'r1' }),
      });
      expect(response.status).toBe(409);
      expect(response.header('x-reason')).toBe('paid');
      expect(response.json()).toEqual({
        type: 'https://example.com/paid',
        title: 'Paid',
        status: 409,
        detail: 'Paid already',
        instance: '/orders/1',
        order: 'o1',
        requestId: 'r1',
      });
    }
  });

  it('H16 wrong fields of all parts are told together, each with a JSON Pointer', async () => {
    const response = await request(api, 'POST /items?dry=perhaps', {
      body: { 'a/b': { '~': [1, 'two'] } },
      cookies: { other: '1' },
    });
    expect(response.status).toBe(400);
    expect(response.json()).toMatchObject({
      errors: [
        { in: 'query', pointer: '/dry' },
        { in: 'headers', pointer: '/x-tenant' },
        { in: 'cookies', pointer: '/sid' },
        { in: 'body', pointer: '/a~1b/~0/1' },
        { in: 'body', pointer: '/name' },
      ],
    });
    expect((await request(api, 'GET /items/x')).json()).toMatchObject({
      errors: [{ in: 'path', pointer: '/id' }],
    });
  });

  it.each([
    ['an error', new Error('secret')],
    [
      "an upstream client's error",
      Object.assign(new Error('secret'), { statusCode: 404, status: 404, headers: { a: 'secret' } }),
    ],
    [
      'an SDK error',
      Object.assign(new Error('secret'), {
        $metadata: { httpStatusCode: 400 },
        $fault: 'client',
        name: 'ValidationException',
      }),
    ],
    [
      'a look-alike of ours',
      Object.assign(new Error('secret'), { name: 'HttpProblem', status: 404, detail: 'secret' }),
    ],
    ['an exposed 5xx', Object.assign(new Error('secret'), { statusCode: 502, expose: true })],
    ['an error with a cause', new Error('secret', { cause: notFound('secret') })],
    ['a text', 'secret'],
    ['a plain object', { statusCode: 400, expose: true, message: 'secret' }],
  ])('H16 %s is a 500 that shows nothing', async (_, error) => {
    for (const handler of [throwing(error), give(Promise.reject(error))]) {
      const response = await request(handler, 'GET /');
      expect(response.status).toBe(500);
      expect(response.json()).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        requestId: expect.any(String),
      });
      expect(JSON.stringify(response.raw)).not.toContain('secret');
    }
  });

  it('H16 the cause of a shown problem is not shown', async () => {
    const response = await request(throwing(conflict('shown', { cause: new Error('secret') })), 'GET /');
    expect(response.status).toBe(409);
    expect(response.text()).not.toContain('secret');
  });

  it('H16 an answer that breaks its own schema is a 500 that shows nothing', async () => {
    const schema = { 200: z.object({ id: z.string() }) };
    const handler = httpHandler({ logger: false, response: schema }, () => ({ id: 7 }) as never);
    const response = await request(handler, 'GET /');
    expect(response.status).toBe(500);
    expect(response.json()).not.toHaveProperty('detail');
    const good = httpHandler({ logger: false, response: schema }, () => ({ id: '7', secret: 1 }));
    expect((await request(good, 'GET /')).json()).toEqual({ id: '7' });
  });

  it('H16 problems say what they are for, with their headers', async () => {
    for (const [problem, status, header] of [
      [badRequest('x'), 400, undefined],
      [unauthorized('x'), 401, ['www-authenticate', 'Bearer']],
      [unauthorized('x', { challenge: 'Basic realm="a"' }), 401, ['www-authenticate', 'Basic realm="a"']],
      [forbidden('x'), 403, undefined],
      [tooManyRequests('x', { retryAfter: 1.2 }), 429, ['retry-after', '2']],
      [serviceUnavailable('x', { retryAfter: 30 }), 503, ['retry-after', '30']],
    ] as const) {
      const response = await request(give(problem), 'GET /');
      expect(response.status).toBe(status);
      expect(header === undefined || response.header(header[0]) === header[1]).toBe(true);
      expect(response.json()).toMatchObject({ detail: 'x' });
    }
  });

  it('H17 404 for no route', async () => {
    for (const path of ['/', '/item', '/items/1/x', '/ITEMS', '/items//1', '/constructor', '/__proto__']) {
      expect([path, (await request(api, `GET ${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('H17 405 with Allow for a path that is known', async () => {
    const refused = await request(api, 'PATCH /items/1');
    expect(refused.status).toBe(405);
    expect(refused.header('allow')?.split(', ').toSorted()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
    ]);
    expect((await request(api, 'DELETE /items')).header('allow')?.split(', ').toSorted()).toEqual([
      'GET',
      'HEAD',
      'OPTIONS',
      'POST',
    ]);
    const strange = { ...httpEvent('rest', { path: '/items' }), httpMethod: 'constructor' };
    expect(readAnswer('rest', await invoke(api, strange)).status).toBe(405);
  });

  it('H17 OPTIONS without CORS is answered with Allow', async () => {
    const response = await request(api, 'OPTIONS /items');
    expect([response.status, response.header('allow')?.includes('POST')]).toEqual([204, true]);
    expect((await request(api, 'OPTIONS /none')).status).toBe(404);
  });
});
