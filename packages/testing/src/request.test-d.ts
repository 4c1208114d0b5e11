import type {
  ALBEvent,
  ALBHandler,
  ALBResult,
  APIGatewayProxyEvent,
  APIGatewayProxyHandlerV2,
  Context,
  Handler,
} from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';

import { httpEvent } from './http/event.ts';
import type { HttpApiEvent, HttpEvents, HttpSource } from './http/source.ts';
import { invoke } from './invoke.ts';
import { request, type requestAs } from './request.ts';

declare const typed: (
  event: APIGatewayProxyEvent | ALBEvent,
  context: Context,
) => Promise<{ statusCode: number }>;
declare const middy: ((event: ALBEvent, context: Context) => Promise<ALBResult>) & { use: () => void };
declare const needsMore: (event: { body: string }, context: Context & { user: string }) => Promise<string>;
declare const nothing: () => void;
declare const v2: APIGatewayProxyHandlerV2;
declare const alb: ALBHandler;
declare const loose: Handler;

test('any handler fits without generics or casts', () => {
  expectTypeOf(request).toBeCallableWith(typed, 'GET /');
  expectTypeOf(request).toBeCallableWith(middy, 'GET /');
  expectTypeOf(request).toBeCallableWith(needsMore, 'GET /');
  expectTypeOf(request).toBeCallableWith(nothing, 'GET /');
  expectTypeOf(request).toBeCallableWith(v2, 'GET /');
  expectTypeOf(request).toBeCallableWith(alb, 'GET /');
  expectTypeOf(request).toBeCallableWith(loose, 'GET /');
  // @ts-expect-error a handler is a function
  expectTypeOf(request).toBeCallableWith({ handler: typed }, 'GET /');
});

test('invoke gives what the handler answers', () => {
  expectTypeOf(invoke(typed, {})).resolves.toEqualTypeOf<{ statusCode: number }>();
  expectTypeOf(invoke(() => 7, {})).resolves.toEqualTypeOf<number>();
});

test('an event is typed by its source', () => {
  expectTypeOf(httpEvent('rest')).toEqualTypeOf<APIGatewayProxyEvent>();
  expectTypeOf(httpEvent('httpApi')).toEqualTypeOf<HttpApiEvent>();
  expectTypeOf(httpEvent('albMulti')).toEqualTypeOf<ALBEvent>();
  expectTypeOf<ReturnType<typeof httpEvent<HttpSource>>>().toEqualTypeOf<HttpEvents[HttpSource]>();
  // @ts-expect-error no such source
  httpEvent('appsync');
});

test('a bound request has its source settled', () => {
  type Options = NonNullable<Parameters<ReturnType<typeof requestAs>>[2]>;
  expectTypeOf<Options>().not.toHaveProperty('source');
  expectTypeOf<Options>().toHaveProperty('cookies');
});
