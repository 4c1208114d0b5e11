import { lambdaContext, request, type RequestOptions } from '@handlersmith/testing';
import { conflict, created, type HttpHandler, httpRouter, notFound, ok, route } from 'handlersmith/http';
import { openapi, type OpenApiDocument } from 'handlersmith/openapi';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { at, faultsOf, mismatches } from './openapi.document.ts';

const Item = z.object({ id: z.string(), size: z.number().default(1) }).meta({ id: 'Item' });

let well = true;
const handler = httpRouter(
  {
    logger: false,
    health: {
      path: '/health',
      check: () => {
        if (!well) throw new Error('unwell');
      },
    },
  },
  {
    'GET /items/{id}': route(
      {
        path: z.object({ id: z.string().max(4) }),
        query: z.object({ n: z.number().optional() }),
        response: { 200: Item },
      },
      ({ path }) => (path.id === 'a' ? ok({ id: 'a' }) : notFound('No such item')),
    ),
    'POST /items': route(
      { body: Item, claims: z.object({ sub: z.string() }), bodyLimit: 50, response: { 201: Item } },
      ({ body }) => {
        if (body.id === 'taken') throw conflict('It is taken', { extensions: { by: 'you' } });
        if (body.id === 'broken') throw new Error('a fault');
        return created(body);
      },
    ),
    'GET /slow/{any+}': route(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000).unref());
    }),
    'DELETE /items/{id}': route(() => undefined),
  },
);
const document = openapi(handler, { title: 'Items', version: '1' });

const caller = { authorizer: { jwt: { claims: { sub: 'me' } } } };
const stranger = { authorizer: { jwt: { claims: { name: 'me' } } } };

describe('what the document says is what the handler does', () => {
  interface Case {
    readonly line: string;
    readonly operation: string;
    readonly status: number;
    /** The key under `responses`; default: the status. */
    readonly described?: string;
    readonly options?: RequestOptions;
  }

  const get = { operation: 'GET /items/{id}' };
  const post = { line: 'POST /items', operation: 'POST /items' };
  const cases: readonly Case[] = [
    { ...get, line: 'GET /items/a', status: 200 },
    { ...get, line: 'GET /items/a?n=x', status: 400 },
    { ...get, line: 'GET /items/a%ff', status: 400, options: { source: 'functionUrl' } },
    { ...get, line: 'GET /items/none', status: 404 },
    { ...get, line: 'GET /items/toolong', status: 400 },
    { ...post, status: 201, options: { ...caller, body: { id: 'b' } } },
    { ...post, status: 400, options: { ...caller, body: { size: 1 } } },
    { ...post, status: 400, options: { ...caller, body: '{', contentType: 'application/json' } },
    { ...post, status: 400, options: caller },
    { ...post, status: 401, options: { body: { id: 'b' } } },
    { ...post, status: 403, options: { ...stranger, body: { id: 'b' } } },
    { ...post, status: 413, options: { ...caller, body: { id: 'b'.repeat(60) } } },
    { ...post, status: 415, options: { ...caller, body: 'id=b', contentType: 'text/csv' } },
    { ...post, status: 409, described: 'default', options: { ...caller, body: { id: 'taken' } } },
    { ...post, status: 500, described: 'default', options: { ...caller, body: { id: 'broken' } } },
    {
      line: 'GET /slow/a/b',
      operation: 'GET /slow/{any}',
      status: 504,
      described: 'default',
      options: { context: lambdaContext({ timeout: 250 }) },
    },
    { line: 'DELETE /items/a', operation: 'DELETE /items/{id}', status: 204, described: '2XX' },
    { line: 'GET /health', operation: 'GET /health', status: 200 },
  ];

  it.each(cases)('$line is answered with the documented $status (%#)', async (each) => {
    const answer = await request(handler, each.line, each.options);
    expect(answer.status).toBe(each.status);
    expect(mismatches(document, each.operation, answer, each.described)).toEqual([]);
  });

  it('tells of a service that is not well', async () => {
    well = false;
    const answer = await request(handler, 'GET /health');
    well = true;
    expect(answer.status).toBe(503);
    expect(mismatches(document, 'GET /health', answer)).toEqual([]);
  });

  it('would not pass for another answer', async () => {
    const answer = await request(handler, 'POST /items', { ...caller, body: { size: 1 } });
    const strict = structuredClone(document);
    Object.assign(at(strict, '/components/schemas/Problem') as object, { required: ['traceId'] });
    expect(mismatches(strict, 'POST /items', answer)).toEqual([expect.stringContaining('traceId')]);
    expect(mismatches(document, 'POST /items', answer, '201')).toEqual([
      'application/problem+json is not documented',
    ]);
  });
});

describe('a route that serves the document', () => {
  it('needs no second module', async () => {
    let made: OpenApiDocument | undefined;
    const api: HttpHandler = httpRouter(
      { logger: false },
      {
        'GET /items/{id}': route({ response: { 200: Item } }, ({ path }) => ok({ id: path.id })),
        'GET /openapi.json': route(() => {
          made ??= openapi(
            api,
            { title: 'Items', version: '1' },
            { include: ({ path }) => path !== '/openapi.json' },
          );
          return made;
        }),
      },
    );
    const answer = await request(api, 'GET /openapi.json');
    const served = answer.json() as OpenApiDocument;
    expect(answer.header('content-type')).toBe('application/json');
    expect(await faultsOf(served)).toEqual([]);
    expect(Object.keys(served.paths)).toEqual(['/items/{id}']);
  });
});
