import { frozen, httpEvent, lambdaContext, request } from '@handlersmith/testing';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { compiled } from '../../test/compiled.ts';
import { httpHandler } from './handler.ts';
import { route } from './route.ts';
import { httpRouter } from './router.ts';

const logger = false;

describe('H5 H16 the parts of a request', () => {
  const handler = httpRouter(
    { logger },
    {
      'POST /items/{id}': route(
        {
          path: z.object({ id: z.number() }),
          query: z.object({ limit: z.number().max(10) }),
          headers: z.object({ 'x-tenant': z.string().min(3) }),
          cookies: z.object({ session: z.string() }),
          body: z.object({ name: z.string() }),
        },
        ({ path, query, headers, cookies, body }) => ({ path, query, headers, cookies, body }),
      ),
    },
  );

  it('tell their wrong fields together', async () => {
    const response = await request(handler, 'POST /items/x?limit=11', {
      headers: { 'x-tenant': 'a' },
      body: { name: 7 },
    });
    expect(response.status).toBe(400);
    expect(response.json()).toMatchObject({
      errors: [
        { in: 'path', pointer: '/id' },
        { in: 'query', pointer: '/limit' },
        { in: 'headers', pointer: '/x-tenant' },
        { in: 'cookies', pointer: '/session' },
        { in: 'body', pointer: '/name' },
      ],
    });
  });

  it('reach the handler as their schemas give them', async () => {
    const response = await request(handler, 'POST /items/7?limit=10&more=1', {
      headers: { 'X-Tenant': 'abc', 'x-more': '1' },
      cookies: { session: 's', more: '1' },
      body: { name: 'lamp', more: 1 },
    });
    expect(response.json()).toEqual({
      path: { id: 7 },
      query: { limit: 10 },
      headers: { 'x-tenant': 'abc' },
      cookies: { session: 's' },
      body: { name: 'lamp' },
    });
  });

  it('are coerced in query and path only', async () => {
    const strict = httpHandler({ logger, body: z.object({ n: z.number() }) }, () => 'ok');
    expect((await request(strict, 'POST /', { body: { n: '7' } })).status).toBe(400);
    const header = httpHandler({ logger, headers: z.object({ n: z.number() }) }, () => 'ok');
    expect((await request(header, 'GET /', { headers: { n: '7' } })).status).toBe(400);
  });
});

describe('H5 bodies', () => {
  const needed = httpHandler({ logger, body: z.object({ a: z.number() }) }, ({ body }) => body);
  const optional = httpHandler({ logger, body: z.optional(z.object({ a: z.number() })) }, ({ body }) => ({
    body: body ?? 'none',
  }));

  it.each(['rest', 'httpApi', 'alb'] as const)(
    'that are missing are told so, and are no error where none is needed: %s',
    async (source) => {
      const response = await request(needed, 'POST /', { source });
      expect(response.status).toBe(400);
      expect(response.json()).toMatchObject({ detail: 'The request has no body' });
      expect((await request(optional, 'POST /', { source })).json()).toEqual({ body: 'none' });
    },
  );

  it('of JSON null are there', async () => {
    const nullable = httpHandler({ logger, body: z.null() }, ({ body }) => ({ body }));
    expect((await request(nullable, 'POST /', { body: null })).json()).toEqual({ body: null });
    expect((await request(needed, 'POST /', { body: null })).json()).toMatchObject({
      errors: [{ in: 'body', pointer: '' }],
    });
  });

  it('that a middleware has parsed are taken from it', async () => {
    const parse = { before: (all: { event: { body: unknown } }) => void (all.event.body = { a: 7 }) };
    const handler = httpHandler(
      { logger, use: [parse], body: z.object({ a: z.number() }) },
      ({ body, rawBody }) => [body.a, rawBody.length],
    );
    expect((await request(handler, 'POST /', { body: 'not json' })).json()).toEqual([7, 8]);
  });

  type Nested = Nested[];
  const nested: z.ZodType<Nested> = z.lazy(() => z.array(nested));
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  it.each([
    ['zod', nested],
    ['ajv', compiled<unknown>({ $id: 'nested', type: 'array', items: { $ref: 'nested' } })],
  ])('nested 10,000 deep end in a 400, not in a fault: %s', async (_, body) => {
    const handler = httpHandler({ logger, body }, () => 'ok');
    const response = await request(handler, 'POST /', { body: deep, contentType: 'application/json' });
    expect([response.status, response.json()]).toEqual([
      400,
      expect.objectContaining({ detail: 'The body is nested too deeply' }),
    ]);
    expect(
      (await request(handler, 'POST /', { body: '[[[]]]', contentType: 'application/json' })).status,
    ).toBe(200);
  });

  it.each([new RangeError('Invalid time value'), new TypeError('no')])(
    'whose schema throws %o are a 500 that shows nothing',
    async (error) => {
      const broken = z.string().refine(() => {
        throw error;
      });
      const response = await request(
        httpHandler({ logger, body: broken }, () => 'ok'),
        'POST /',
        { body: JSON.stringify('x'), contentType: 'application/json' },
      );
      expect(response.status).toBe(500);
      expect(response.text()).not.toContain(error.message);
    },
  );
});

describe('asynchronous schemas', () => {
  const free = z.object({ id: z.string().refine(async (id) => id !== 'taken') });
  const run = vi.fn<() => string>(() => 'ok');
  const handler = httpHandler(
    {
      logger,
      query: free,
      headers: v.objectAsync({
        'x-a': v.pipeAsync(
          v.string(),
          v.checkAsync(async (a) => a !== 'taken'),
        ),
      }),
      body: free,
    },
    run,
  );

  it('are waited for, and refuse together', async () => {
    const response = await request(handler, 'POST /?id=taken', {
      headers: { 'x-a': 'taken' },
      body: { id: 'taken' },
    });
    expect(response.json()).toMatchObject({ errors: [{ in: 'query' }, { in: 'headers' }, { in: 'body' }] });
    expect(run).not.toHaveBeenCalled();
    expect(
      (await request(handler, 'POST /?id=a', { headers: { 'x-a': 'a' }, body: { id: 'a' } })).status,
    ).toBe(200);
  });

  it('of a body tell a missing one', async () => {
    const response = await request(handler, 'POST /?id=taken', { headers: { 'x-a': 'a' } });
    expect(response.json()).toMatchObject({ detail: 'The request has no body' });
  });

  it('that reject are a 500', async () => {
    const broken = v.pipeAsync(
      v.string(),
      v.checkAsync(() => Promise.reject(new Error('secret'))),
    );
    const response = await request(
      httpHandler({ logger, body: broken }, () => 'ok'),
      'POST /',
      { body: '"x"', contentType: 'application/json' },
    );
    expect(response.status).toBe(500);
    expect(response.text()).not.toContain('secret');
  });
});

function jwt(role: string): { jwt: { claims: { sub: string; role: string } } } {
  return { jwt: { claims: { sub: 'a', role } } };
}

describe('H21 claims', () => {
  const Admin = z.object({ sub: z.string(), role: z.literal('admin') });

  it.each([
    ['a schema that answers at once', Admin],
    ['one that does not', Admin.refine(async () => true)],
  ])('are 401 without a caller, 403 with another one, and typed: %s', async (_, claims) => {
    const handler = httpHandler({ logger, claims }, ({ claims: { sub } }) => ({ sub }));
    const nobody = await request(handler, 'GET /');
    expect([nobody.status, nobody.header('www-authenticate')]).toEqual([401, 'Bearer']);
    const user = await request(handler, 'GET /', { authorizer: jwt('user') });
    expect(user.status).toBe(403);
    expect(user.text()).not.toContain('admin');
    expect((await request(handler, 'GET /', { authorizer: jwt('admin') })).json()).toEqual({ sub: 'a' });
  });

  it('are looked at before anything else of the request', async () => {
    const handler = httpHandler({ logger, claims: Admin, query: z.object({ a: z.string() }) }, () => 'ok');
    expect((await request(handler, 'GET /')).status).toBe(401);
  });

  it('come from a Lambda authorizer too', async () => {
    const handler = httpHandler({ logger, claims: Admin }, ({ claims }) => claims);
    const authorizer = { lambda: { sub: 'a', role: 'admin' } };
    expect((await request(handler, 'GET /', { authorizer, source: 'rest' })).json()).toEqual({
      sub: 'a',
      role: 'admin',
    });
    expect((await request(handler, 'GET /', { authorizer: { iam: {} } })).status).toBe(403);
  });
});

describe('A7', () => {
  const filling = compiled<object>(
    { type: 'object', properties: { page: { type: 'number', default: 1 } } },
    { useDefaults: true },
  );

  it.each(
    (['path', 'query', 'headers', 'cookies', 'claims', 'body'] as const).flatMap((part) => [
      [part, 'rest'] as const,
      [part, 'httpApi'] as const,
    ]),
  )(
    "an Ajv function that fills in defaults writes into nothing of the event's: %s of %s",
    async (part, source) => {
      const handler = httpHandler({ logger, [part]: filling }, (input) => input[part]);
      const authorizer = { lambda: { tenant: 'a' } };
      const event = frozen(
        httpEvent(source, { method: 'POST', path: '/a', resource: '/{id}', authorizer, body: {} }),
      );
      const result = await handler(event, lambdaContext());
      expect([result.statusCode, JSON.parse(result.body)]).toEqual([
        200,
        expect.objectContaining({ page: 1 }),
      ]);
    },
  );

  it('nor into what routes without parameters share', async () => {
    const handler = httpRouter({ logger }, { 'GET /': route({ path: filling }, ({ path }) => path) });
    expect((await request(handler, 'GET /')).json()).toEqual({ page: 1 });
  });
});
