import { request, type RequestOptions } from '@handlersmith/testing';
import { created, httpRouter, route, type RouteOptions } from 'handlersmith/http';
import { customStore, idempotencyKeyHeader, memoryStore } from 'handlersmith/idempotency';
import { openapi, type OpenApiDocument } from 'handlersmith/openapi';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { faultsOf, mismatches, operationIn, responseIn } from './openapi.document.ts';

const info = { title: 'Orders', version: '1' };
const store = memoryStore();
const key = idempotencyKeyHeader();
const Order = z.object({ total: z.number() });

function documentOf(options: RouteOptions): OpenApiDocument {
  const handler = httpRouter({ logger: false }, { 'POST /orders': route(options, () => undefined as never) });
  return openapi(handler, info);
}

describe('the document of a route that runs once per key', () => {
  it('O5 has the header as a parameter that must be there, and passes the official schema', async () => {
    const document = documentOf({ body: Order, idempotency: { store, key } });
    expect(operationIn(document, 'POST /orders').parameters).toEqual([
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        description: expect.stringContaining('255 visible ASCII'),
        schema: { type: 'string', minLength: 1 },
      },
    ]);
    expect(await faultsOf(document)).toEqual([]);
  });

  it('O5 says where the header may be left away, and what it is called', async () => {
    const document = documentOf({
      idempotency: { store, key: idempotencyKeyHeader({ name: 'X-Request-Key' }), required: false },
    });
    const [parameter] = operationIn(document, 'POST /orders').parameters ?? [];
    expect(parameter).toMatchObject({ name: 'X-Request-Key', in: 'header' });
    expect(parameter).not.toHaveProperty('required');
    expect(await faultsOf(document)).toEqual([]);
  });

  it('O5 stands between the other headers and the cookies', () => {
    const document = documentOf({
      query: z.object({ a: z.string() }),
      headers: z.object({ 'x-a': z.string() }),
      cookies: z.object({ session: z.string() }),
      idempotency: { store, key },
    });
    expect(operationIn(document, 'POST /orders').parameters?.map(({ name }) => name)).toEqual([
      'a',
      'x-a',
      'Idempotency-Key',
      'session',
    ]);
  });

  it("O5 is described by the route's own schema where that does, and must be there all the same", async () => {
    const document = documentOf({
      headers: z.object({ 'idempotency-key': z.uuid().optional().describe('A UUID.') }),
      idempotency: { store, key },
    });
    expect(operationIn(document, 'POST /orders').parameters).toEqual([
      expect.objectContaining({ name: 'idempotency-key', required: true, description: 'A UUID.' }),
    ]);
    expect(await faultsOf(document)).toEqual([]);
  });

  it('O5 has no parameter where the key comes from elsewhere', () => {
    const document = documentOf({ body: Order, idempotency: { store, key: () => 'a' } });
    expect(operationIn(document, 'POST /orders')).not.toHaveProperty('parameters');
    expect(Object.keys(operationIn(document, 'POST /orders').responses)).toContain('409');
  });

  it.each<[string, RouteOptions, readonly string[]]>([
    ['a body and a key', { body: Order, idempotency: { store, key } }, [...idempotent(), '413', '415']],
    ['a key alone', { idempotency: { store, key } }, idempotent()],
    ['a header that may be absent', { idempotency: { store, key, required: false } }, idempotent()],
    ['a key of its own', { idempotency: { store, key: () => 'a' } }, idempotent()],
    [
      'a key of its own that may be absent',
      { idempotency: { store, key: () => undefined, required: false } },
      ['409', '410', '422', '503'],
    ],
    ['no key', {}, []],
  ])('O5 lists the answers to %s', (_, options, statuses) => {
    const { responses } = operationIn(documentOf(options), 'POST /orders');
    expect(Object.keys(responses).toSorted()).toEqual([...statuses, '2XX', 'default'].toSorted());
  });

  it('O5 says when to come back, and which answers are replays', () => {
    const document = documentOf({
      response: { 201: Order, 303: z.undefined(), 409: Order, 500: Order },
      idempotency: { store, key },
    });
    const headersOf = (status: string): string[] =>
      Object.keys(responseIn(document, 'POST /orders', status).headers ?? {}).toSorted();
    expect(headersOf('201')).toEqual(['Idempotency-Replayed']);
    expect(headersOf('303')).toEqual(['Idempotency-Replayed', 'Location']);
    expect(headersOf('409')).toEqual(['Idempotency-Replayed', 'Retry-After']);
    expect(headersOf('410')).toEqual(['Idempotency-Replayed']);
    expect(headersOf('500')).toEqual([]);
    expect(headersOf('503')).toEqual(['Retry-After']);
    const undeclared = documentOf({ idempotency: { store, key } });
    expect(responseIn(undeclared, 'POST /orders', '2XX').headers).toHaveProperty('Idempotency-Replayed');
  });
});

function idempotent(): readonly string[] {
  return ['400', '409', '410', '422', '503'];
}

describe('what the document says of idempotency is what the handler does', () => {
  const { promise: held, resolve: finish } = Promise.withResolvers<void>();
  const down = customStore({ ...store, claim: () => Promise.reject(new Error('no route')) });
  const Placed = Order.extend({ note: z.string().optional() });
  const options = { body: Order, response: { 201: Placed } } as const;
  const handler = httpRouter(
    { logger: false },
    {
      'POST /orders': route({ ...options, idempotency: { store, key } }, async ({ body }) => {
        if (body.total === 1) await held;
        return created({ ...body, note: body.total === 2 ? 'x'.repeat(420_000) : '' });
      }),
      'POST /down': route({ ...options, idempotency: { store: down, key } }, ({ body }) => created(body)),
    },
  );
  const document = openapi(handler, info);
  const send = (name: string | undefined, total: number, line = 'POST /orders') => {
    const sent: RequestOptions = {
      body: { total },
      ...(name === undefined ? {} : { headers: { 'idempotency-key': name } }),
    };
    return request(handler, line, sent);
  };

  it('O5 passes the official schema', async () => {
    expect(await faultsOf(document)).toEqual([]);
  });

  it('O5 replays, refuses, and tells who comes too early', async () => {
    const first = send('busy', 1);
    const answers: [status: number, answer: Awaited<typeof first>][] = [[409, await send('busy', 1)]];
    finish();
    answers.push(
      [201, await first],
      [201, await send('busy', 1)],
      [422, await send('busy', 3)],
      [400, await send(undefined, 3)],
      [400, await send('a b', 3)],
      [201, await send('large', 2)],
      [410, await send('large', 2)],
    );
    expect(answers.map(([, { status }]) => status)).toEqual(answers.map(([status]) => status));
    expect(answers.flatMap(([, answer]) => mismatches(document, 'POST /orders', answer))).toEqual([]);
    expect(answers[0]?.[1].header('retry-after')).toMatch(/^[1-5]$/);
    expect(answers.at(-1)?.[1].header('idempotency-replayed')).toBe('true');
  });

  it('O5 answers 503 when the store does not', async () => {
    const answer = await send('a', 3, 'POST /down');
    expect(answer.status).toBe(503);
    expect(answer.header('retry-after')).toBe('1');
    expect(mismatches(document, 'POST /down', answer)).toEqual([]);
  });
});
