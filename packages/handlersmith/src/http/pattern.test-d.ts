import { expectTypeOf, test } from 'vitest';

import type { PathParameters, Pattern } from './pattern.ts';

type Names<P extends string> = keyof PathParameters<P>;

test('parameters follow from the pattern', () => {
  expectTypeOf<PathParameters<'GET /items/{id}'>>().toEqualTypeOf<{ readonly id: string }>();
  expectTypeOf<PathParameters<'GET /shops/{shop}/items/{id}'>>().toEqualTypeOf<{
    readonly shop: string;
    readonly id: string;
  }>();
  expectTypeOf<PathParameters<'GET /files/{path+}'>>().toEqualTypeOf<{ readonly path: string }>();
  expectTypeOf<PathParameters<'GET /{shop}/files/{path+}'>>().toEqualTypeOf<{
    readonly shop: string;
    readonly path: string;
  }>();
});

test('a pattern without parameters has none', () => {
  expectTypeOf<Names<'GET /items'>>().toBeNever();
  expectTypeOf<Names<'GET /'>>().toBeNever();
  expectTypeOf<Names<'GET /x{id}'>>().toBeNever();
});

test('a pattern is a method, a blank and a path', () => {
  expectTypeOf<'GET /items'>().toExtend<Pattern>();
  expectTypeOf<'get /items'>().not.toExtend<Pattern>();
  expectTypeOf<'GET items'>().not.toExtend<Pattern>();
  expectTypeOf<'/items'>().not.toExtend<Pattern>();
  expectTypeOf<'FETCH /items'>().not.toExtend<Pattern>();
});
