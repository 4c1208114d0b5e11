import { type } from 'arktype';
import type {
  ALBHandler,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  Context,
  LambdaFunctionURLHandler,
} from 'aws-lambda';
import * as v from 'valibot';
import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

import type { Logger } from '../observability/logger.ts';
import {
  answer,
  type CompiledSchema,
  type Cookies,
  created,
  type HttpHandler,
  httpHandler,
  httpRouter,
  httpStreamHandler,
  type Identity,
  type MiddlewareRequest,
  noContent,
  notFound,
  ok,
  type Query,
  redirect,
  route,
} from './index.ts';

const Item = z.object({
  name: z.string(),
  count: z.number().default(1),
  at: z.string().transform((text) => new Date(text)),
});
interface ItemOut {
  name: string;
  count: number;
  at: Date;
}
declare const compiledItem: CompiledSchema<{ name: string }>;

test('A8 a handler is assignable to those of @types/aws-lambda', () => {
  const handler = httpHandler({}, () => 'ok');
  const router = httpRouter({}, { 'GET /': route(() => 'ok') });
  expectTypeOf(handler).toExtend<APIGatewayProxyHandler>();
  expectTypeOf(handler).toExtend<APIGatewayProxyHandlerV2>();
  expectTypeOf(handler).toExtend<ALBHandler>();
  expectTypeOf(handler).toExtend<LambdaFunctionURLHandler>();
  expectTypeOf(router).toExtend<APIGatewayProxyHandler>();
  expectTypeOf(router).toExtend<APIGatewayProxyHandlerV2>();
  expectTypeOf(router).toExtend<ALBHandler>();
  expectTypeOf(router).toExtend<LambdaFunctionURLHandler>();
  expectTypeOf(handler).toEqualTypeOf<HttpHandler>();
  expectTypeOf<Parameters<HttpHandler>['length']>().toEqualTypeOf<1 | 2>();
  // @ts-expect-error no callback: nodejs24.x refuses callback handlers
  void handler({}, {}, () => {});
});

test('the body is what its schema gives, of any vendor', () => {
  httpHandler({ body: Item }, ({ body }) => void expectTypeOf(body).toEqualTypeOf<ItemOut>());
  httpHandler(
    { body: mini.object({ a: mini.number() }) },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<{ a: number }>(),
  );
  httpHandler(
    { body: v.object({ a: v.pipe(v.string(), v.transform(Number)) }) },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<{ a: number }>(),
  );
  httpHandler(
    { body: type({ a: 'number' }) },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<{ a: number }>(),
  );
  httpHandler(
    { body: compiledItem },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<{ name: string }>(),
  );
  httpHandler(
    { body: z.optional(Item) },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<ItemOut | undefined>(),
  );
  httpHandler({ body: Item }, ({ body }) => {
    // @ts-expect-error the schema has no such field
    void body.price;
    // @ts-expect-error the handler gets the default filled in as a number
    return body.count.trim();
  });
});

test('a body without a schema is what its format gives', () => {
  httpHandler({}, ({ body }) => void expectTypeOf(body).toBeUnknown());
  httpHandler({ consumes: 'json' }, ({ body }) => void expectTypeOf(body).toBeUnknown());
  httpHandler(
    { consumes: 'text' },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<string | undefined>(),
  );
  httpHandler(
    { consumes: 'bytes' },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<Uint8Array | undefined>(),
  );
  httpHandler({ consumes: 'form' }, ({ body }) => void expectTypeOf(body).toEqualTypeOf<Query | undefined>());
  httpHandler(
    { consumes: 'form', body: Item },
    ({ body }) => void expectTypeOf(body).toEqualTypeOf<ItemOut>(),
  );
});

test('query, path, headers, cookies and claims are what their schemas give', () => {
  httpHandler(
    {
      query: Item,
      path: z.object({ id: z.number() }),
      headers: z.object({ 'x-a': z.string() }),
      cookies: z.object({ sid: z.string() }),
      claims: z.object({ sub: z.string() }),
    },
    (input) => {
      expectTypeOf(input.query).toEqualTypeOf<ItemOut>();
      expectTypeOf(input.path).toEqualTypeOf<{ id: number }>();
      expectTypeOf(input.headers).toEqualTypeOf<{ 'x-a': string }>();
      expectTypeOf(input.cookies).toEqualTypeOf<{ sid: string }>();
      expectTypeOf(input.claims).toEqualTypeOf<{ sub: string }>();
      // @ts-expect-error no such claim
      void input.claims.role;
      // @ts-expect-error a number by its schema
      return input.path.id.length;
    },
  );
});

test('what has no schema is as it came', () => {
  httpHandler({}, (input) => {
    expectTypeOf(input.query).toEqualTypeOf<Query>();
    expectTypeOf(input.path).toEqualTypeOf<Readonly<Record<string, string | undefined>>>();
    expectTypeOf(input.headers).toEqualTypeOf<Readonly<Record<string, string>>>();
    expectTypeOf(input.cookies).toEqualTypeOf<Cookies>();
    expectTypeOf(input.claims).toEqualTypeOf<Readonly<Record<string, unknown>>>();
    expectTypeOf(input.identity).toEqualTypeOf<Identity>();
    expectTypeOf(input.rawBody).toEqualTypeOf<Uint8Array>();
    expectTypeOf(input.signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(input.remaining).toEqualTypeOf<() => number>();
    expectTypeOf(input.logger).toEqualTypeOf<Logger>();
    expectTypeOf(input.context).toEqualTypeOf<Context>();
    expectTypeOf(input.resources).toEqualTypeOf<undefined>();
    // @ts-expect-error there is no such part
    void input.params;
    // @ts-expect-error the event is not to be written into
    input.method = 'GET';
  });
});

test('path parameters follow from the pattern', () => {
  httpRouter(
    {},
    {
      'GET /shops/{shop}/items/{id}': route(
        ({ path }) => void expectTypeOf(path).toEqualTypeOf<{ readonly shop: string; readonly id: string }>(),
      ),
      'GET /files/{path+}': route(({ path }) => void expectTypeOf(path.path).toEqualTypeOf<string>()),
      'POST /items/{id}': route({ body: Item }, ({ path, body }) => {
        expectTypeOf(path).toEqualTypeOf<{ readonly id: string }>();
        expectTypeOf(body).toEqualTypeOf<ItemOut>();
        // @ts-expect-error no such parameter in the pattern
        void path.item;
      }),
      'GET /items': route(({ path }) => {
        // @ts-expect-error the pattern has no parameters
        void path.id;
      }),
      'GET /n/{id}': route(
        { path: z.object({ id: z.number() }) },
        ({ path }) => void expectTypeOf(path.id).toEqualTypeOf<number>(),
      ),
    },
  );
});

test('a pattern is a method, a blank and a path', () => {
  expectTypeOf(httpRouter({}, { 'GET /items': route(() => 'ok') })).toEqualTypeOf<HttpHandler>();
  // @ts-expect-error no method
  httpRouter({}, { '/items': route(() => 'ok') });
  // @ts-expect-error not a method
  httpRouter({}, { 'FETCH /items': route(() => 'ok') });
  // @ts-expect-error not a route
  httpRouter({}, { 'GET /items': () => 'ok' });
});

test('answers are held to their schemas', () => {
  const Out = z.object({ id: z.string(), count: z.number().default(0) });
  expectTypeOf(httpHandler({ response: { 200: Out } }, () => ({ id: 'a' }))).toEqualTypeOf<HttpHandler>();
  httpHandler({ response: { 200: Out } }, async () => ok({ id: 'a', count: 1 }));
  httpHandler({ response: { 200: Out } }, () => notFound());
  httpHandler({ response: { 200: Out } }, () => redirect('/'));
  httpHandler({ response: { 201: Out, 204: z.undefined() } }, ({ method }) =>
    method === 'PUT' ? noContent() : created({ id: 'a' }),
  );
  httpHandler({ response: { 207: Out } }, () => answer(207, { id: 'a' }));
  // @ts-expect-error a number for a text
  httpHandler({ response: { 200: Out } }, () => ({ id: 7 }));
  // @ts-expect-error a field is missing
  httpHandler({ response: { 200: Out } }, () => ok({ count: 1 }));
  // @ts-expect-error 201 was not declared
  httpHandler({ response: { 200: Out } }, () => created({ id: 'a' }));
  // @ts-expect-error a plain value is a 200, which was not declared
  httpHandler({ response: { 201: Out } }, () => ({ id: 'a' }));
  // @ts-expect-error neither at once nor later
  httpHandler({ response: { 200: Out } }, async () => 'text');
  httpRouter(
    {},
    {
      'GET /': route({ response: { 200: Out } }, () => ({ id: 'a' })),
      // @ts-expect-error a number for a text
      'GET /b': route({ response: { 200: Out } }, () => ({ id: 7 })),
    },
  );
});

test('what is no schema is a compile error', () => {
  expectTypeOf(
    httpHandler({ body: compiledItem, consumes: 'json' }, () => 'ok'),
  ).toEqualTypeOf<HttpHandler>();
  // @ts-expect-error a JSON Schema has to be compiled first
  httpHandler({ body: { type: 'object' } }, () => 'ok');
  // @ts-expect-error not a format
  httpHandler({ consumes: 'xml' }, () => 'ok');
  // @ts-expect-error a function that answers a promise fails open
  httpHandler({ body: async (_data: unknown) => true }, () => 'ok');
});

test('resources are typed into run, made at once or later', () => {
  httpHandler(
    { resources: async () => ({ table: 'items' }) },
    ({ resources }) => void expectTypeOf(resources).toEqualTypeOf<{ table: string }>(),
  );
  httpHandler(
    { resources: () => 7 },
    ({ resources }) => void expectTypeOf(resources).toEqualTypeOf<number>(),
  );
  httpRouter(
    { resources: () => ({ table: 'items' }) },
    {
      'GET /': route(({ resources }) => void expectTypeOf(resources).toEqualTypeOf<{ table: string }>()),
      'GET /{id}': route({ query: Item }, ({ resources, query }) => {
        expectTypeOf(resources).toEqualTypeOf<{ table: string }>();
        expectTypeOf(query).toEqualTypeOf<ItemOut>();
      }),
    },
  );
});

declare const tenancy: { before: (request: MiddlewareRequest<Context & { tenant: string }>) => void };
declare const auth: {
  before: (request: { context: { user: { id: number } } }) => Promise<void>;
  onError: (request: never) => void;
};
declare const plain: { after: (request: MiddlewareRequest) => void };

test('what middlewares in use add to the context is typed through', () => {
  httpHandler({ use: [tenancy, auth, plain] }, ({ context }) => {
    expectTypeOf(context.tenant).toEqualTypeOf<string>();
    expectTypeOf(context.user.id).toEqualTypeOf<number>();
    expectTypeOf(context.awsRequestId).toEqualTypeOf<string>();
    // @ts-expect-error nobody adds it
    void context.role;
  });
  httpHandler(
    { use: [plain] },
    ({ context }) => void expectTypeOf(context.awsRequestId).toEqualTypeOf<string>(),
  );
  httpHandler({ use: [] }, ({ context }) => void expectTypeOf(context).toEqualTypeOf<Context>());
  httpRouter(
    { use: [tenancy] },
    { 'GET /': route(({ context }) => void expectTypeOf(context.tenant).toEqualTypeOf<string>()) },
  );
  // @ts-expect-error a middleware is an object of hooks
  httpHandler({ use: [() => {}] }, () => 'ok');
});

test('defaults of extend are typed through; own ones go before them', () => {
  const http = httpHandler.extend({ service: 'shop', resources: () => ({ table: 'items' }), use: [tenancy] });
  http({ use: [auth] }, ({ context, resources }) => {
    expectTypeOf(context.tenant).toEqualTypeOf<string>();
    expectTypeOf(context.user.id).toEqualTypeOf<number>();
    expectTypeOf(resources).toEqualTypeOf<{ table: string }>();
  });
  http({ resources: () => 7 }, ({ context, resources }) => {
    expectTypeOf(context.tenant).toEqualTypeOf<string>();
    expectTypeOf(resources).toEqualTypeOf<number>();
  });
  const twice = http.extend({ use: [auth] });
  twice({ body: Item }, ({ context, resources, body }) => {
    expectTypeOf(context.tenant).toEqualTypeOf<string>();
    expectTypeOf(context.user.id).toEqualTypeOf<number>();
    expectTypeOf(resources).toEqualTypeOf<{ table: string }>();
    expectTypeOf(body).toEqualTypeOf<ItemOut>();
  });
  const api = httpRouter.extend({ resources: () => 'made' });
  api({}, { 'GET /': route(({ resources }) => void expectTypeOf(resources).toEqualTypeOf<string>()) });
  // @ts-expect-error schemas belong to one handler
  http.extend({ bodyLimit: '1mb' });
});

test('a stream handler sees the same', () => {
  httpStreamHandler({ query: Item, resources: () => 7 }, ({ query, resources }) => {
    expectTypeOf(query).toEqualTypeOf<ItemOut>();
    expectTypeOf(resources).toEqualTypeOf<number>();
  });
});
