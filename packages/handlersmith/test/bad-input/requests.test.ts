import { setTimeout as sleep } from 'node:timers/promises';

import { httpEvent, httpSources, invoke, lambdaContext, readAnswer } from '@handlersmith/testing';
import { httpRouter, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { origin, SECRET, send } from './send.ts';

const Item = z.strictObject({
  name: z.string().max(50),
  count: z.number().int(),
  tags: z.array(z.string()).optional(),
});
const Tree: z.ZodType = z.lazy(() => z.union([z.array(Tree), z.record(z.string(), Tree), z.number()]));
const api = httpRouter(
  { deadlineMargin: 10, bodyLimit: 200_000, cors: { origins: [origin], credentials: true } },
  {
    'POST /items': route({ body: Item }, ({ body }) => body),
    'POST /any': route({ body: z.unknown() }, ({ body }) => ({ kind: typeof body })),
    'POST /echo': route({ body: z.unknown() }, ({ body }) => body),
    'POST /tree': route({ body: Tree }, () => ({ kind: 'tree' })),
    'POST /date': route(
      { body: z.string().transform((text) => new Date(text).toISOString()) },
      ({ body }) => body,
    ),
    'GET /items/{id}': route({ query: z.object({ limit: z.number().optional() }) }, ({ path, query }) => ({
      ...path,
      ...query,
    })),
    'GET /cookies': route(({ cookies, headers }) => ({ cookies, headers })),
  },
);

function nested(depth: number, open: string, close: string): string {
  return open.repeat(depth) + close.repeat(depth);
}

describe.each(httpSources)('%s', (source) => {
  const json = { contentType: 'application/json' };

  it.each([
    ['malformed JSON', 400, `{"name":"${SECRET}`],
    ['JSON with a comment', 400, `{"name":"${SECRET}"} // x`],
    ['two values', 400, '{}{}'],
    ['a lone quote', 400, '"'],
    ['the wrong types', 400, { name: 1, count: SECRET }],
    ['a number for an object', 400, '7'],
    ['a list for an object', 400, '[]'],
    ['null for an object', 400, 'null'],
    ['missing fields', 400, {}],
    ['extra fields', 400, { name: 'a', count: 1, [`admin`]: SECRET }],
    ['a fraction', 400, { name: 'a', count: 1.5 }],
    ['a number beyond all bounds', 400, '{"name":"a","count":1e999}'],
    ['a prototype key', 400, '{"name":"a","count":1,"__proto__":{"admin":true}}'],
    ['an escaped prototype key', 400, '{"name":"a","count":1,"\\u005F\\u005fproto__":{"admin":true}}'],
    ['a constructor with a prototype', 400, '{"constructor":{"prototype":{"admin":true}}}'],
    ['a constructor', 400, '{"name":"a","count":1,"constructor":1}'],
    ['a body over the limit', 413, { name: 'x'.repeat(200_000), count: 1 }],
  ] as const)('%s is a %i', async (_, status, body) => {
    const { response, log } = await send(source, api, 'POST /items', { body, ...json });
    expect(response.status).toBe(status);
    expect(log).toMatchObject({ level: 'WARN', http_route: 'POST /items' });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'nonsense',
    'application/json; charset=utf-7',
    ';',
    '*/*',
  ])('the media type %s is a 415', async (contentType) => {
    expect((await send(source, api, 'POST /items', { body: '{}', contentType })).response.status).toBe(415);
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ])('10,000 levels of %s are no fault of ours', async (open, close) => {
    const body = close.includes('}')
      ? open.repeat(10_000) + '1' + close.repeat(10_000)
      : nested(10_000, open, close);
    expect((await send(source, api, 'POST /items', { body, ...json })).response.status).toBe(400);
    expect((await send(source, api, 'POST /any', { body, ...json })).response.status).toBe(200);
    expect((await send(source, api, 'POST /tree', { body, ...json })).response.status).toBe(400);
    // Whether so deep a value can be written is up to the engine; an answer there is.
    expect([200, 500]).toContain((await send(source, api, 'POST /echo', { body, ...json })).response.status);
    const forbidden = `[${body},{"__proto__":1}]`;
    expect((await send(source, api, 'POST /any', { body: forbidden, ...json })).response.status).toBe(400);
  });

  it('a fault of a schema’s own code is a 500 that is logged, not a bad request', async () => {
    const { response, log } = await send(source, api, 'POST /date', {
      body: JSON.stringify(SECRET),
      ...json,
    });
    expect(response.status).toBe(500);
    expect(log).toMatchObject({ error: { name: 'RangeError' } });
  });

  it('lone surrogates come through, or are refused: nothing breaks', async () => {
    const body = '{"name":"\\ud800","count":1}';
    const { response } = await send(source, api, 'POST /items', { body, ...json });
    expect(response.json()).toEqual({ name: '\ud800', count: 1 });
    // In an event they can only be what JSON of the event holds.
    const event = httpEvent(source, {
      method: 'POST',
      path: '/echo',
      body: '"x"',
      ...json,
      headers: { origin },
    });
    const answer = readAnswer(
      source,
      await invoke(api, { ...event, body: '"\ud800"', isBase64Encoded: false }),
    );
    expect([answer.status, answer.json()]).toEqual([200, '\ud800']);
    const bytes = new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]);
    expect(
      (await send(source, api, 'POST /echo', { body: bytes, base64: true, ...json })).response.status,
    ).toBe(400);
    const headers = { 'x-odd': '\ud800', cookie: ['a=\ud800', 'b=%ED%A0%80'] };
    const seen = (await send(source, api, 'GET /cookies', { headers })).response.json();
    expect(seen).toMatchObject({ headers: { 'x-odd': '\ud800' } });
  });

  it.each(['limit=%', 'limit=%zz', 'limit=%ED%A0%80', '%C3%28=1'])(
    'the query %s is answered with a 400 or as it is read',
    async (query) => {
      const { response } = await send(source, api, `GET /items/1?${query}`);
      // API Gateway decodes the query of a REST API: there it is a wrong value, or an unknown name.
      expect(source === 'rest' ? [200, 400] : [400]).toContain(response.status);
    },
  );

  it.each(['/items/%', '/items/%zz', '/items/%ED%A0%80', '/items/%C3%28', '/%'])(
    'the path %s is answered',
    async (path) => {
      const { response } = await send(source, api, `GET ${path}`);
      // An HTTP API decodes the path: what is left of it is a text like any other.
      expect(source === 'httpApi' ? [200, 404] : [400]).toContain(response.status);
    },
  );

  it.each([
    ['a 64 KB value', { 'x-a': 'x'.repeat(65_536) }],
    ['a 64 KB cookie', { cookie: `a=${'x'.repeat(65_536)}` }],
    ['10,000 cookies', { cookie: Array.from({ length: 10_000 }, (_, index) => `c${index}=1`).join('; ') }],
    ['line breaks', { 'x-correlation-id': 'a\r\nb: c', 'x-a': 'a\r\nb' }],
    [
      'prototype names',
      { __proto__: 'a', constructor: 'b', hasOwnProperty: 'c', toString: 'd', valueOf: 'e' },
    ],
    ['an unknown encoding', { 'content-encoding': 'br', 'transfer-encoding': 'chunked' }],
    ['hostile traces', { traceparent: '00-\0', 'x-amzn-trace-id': 'Root=;;;=;Root' }],
    ['empty values', { accept: '', 'user-agent': '', cookie: '', 'content-type': '' }],
  ])('headers with %s are harmless', async (_, headers) => {
    const { response, log } = await send(source, api, 'GET /cookies', { headers });
    expect(response.status).toBe(200);
    expect(String(log['correlation_id'])).toMatch(/^[\x21-\x7e]{1,128}$/);
    expect(
      (await send(source, api, 'POST /items', { headers, body: {} })).response.status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('a slow handler is answered for before it is too late', async () => {
    const handler = httpRouter(
      { deadlineMargin: 20, cors: { origins: [origin] } },
      { 'GET /slow': route(async () => sleep(300, SECRET)) },
    );
    const { response, log } = await send(source, handler, 'GET /slow', {
      context: lambdaContext({ timeout: 40 }),
    });
    expect(response.status).toBe(504);
    expect(log).toMatchObject({
      level: 'ERROR',
      http_route: 'GET /slow',
      error: { name: 'DeadlineReached' },
    });
  });
});
