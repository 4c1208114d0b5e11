import { describe, expect, it } from 'vitest';

import { methods, parsePattern } from './pattern.ts';

describe('A6 parsePattern refuses', () => {
  it.each([
    '',
    'GET',
    '/items',
    'GET items',
    'get /items',
    'GET  /items',
    'GET /items ',
    ' GET /items',
    'GET\t/items',
    'FETCH /items',
    'CONNECT /items',
    'GET /a b',
    'constructor /items',
  ])('%j: no method, blank and path', (pattern) => {
    expect(() => parsePattern(pattern)).toThrow(
      new TypeError(`Route "${pattern}": expected a method, one blank and a path, as in "GET /items/{id}"`),
    );
  });

  it.each([
    ['GET //', ''],
    ['GET /items/', ''],
    ['GET //items', ''],
    ['GET /a//b', ''],
    ['GET /:id', ':id'],
    ['GET /*', '*'],
    ['GET /items/{}', '{}'],
    ['GET /items/{+}', '{+}'],
    ['GET /items/{id', '{id'],
    ['GET /items/id}', 'id}'],
    ['GET /items/x{id}', 'x{id}'],
    ['GET /items/{id}.json', '{id}.json'],
    ['GET /items/{1}', '{1}'],
    ['GET /items/{id*}', '{id*}'],
    ['GET /items?page=1', 'items?page=1'],
    ['GET /items#top', 'items#top'],
    ['GET /a%20b', 'a%20b'],
    ['GET /a\nb', 'a\nb'],
  ])('%j: a segment that is neither text nor parameter', (pattern, segment) => {
    expect(() => parsePattern(pattern)).toThrow(TypeError);
    expect(() => parsePattern(pattern)).toThrow(
      `Route "${pattern}": segment "${segment}" is neither plain text nor a parameter`,
    );
  });

  it.each(['GET /{id}/{id}', 'GET /{id}/a/{id+}'])('%j: a parameter twice', (pattern) => {
    expect(() => parsePattern(pattern)).toThrow(`Route "${pattern}": parameter "id" stands twice`);
  });

  it('a greedy parameter before the end', () => {
    expect(() => parsePattern('GET /{rest+}/items')).toThrow(
      '{rest+} takes the rest of the path, so it must stand last',
    );
  });
});

describe('parsePattern', () => {
  it.each(methods)('takes %s', (method) => {
    expect(parsePattern(`${method} /`)).toEqual({ pattern: `${method} /`, method, path: '/', segments: [] });
  });

  it('tells texts, parameters and greedy ones', () => {
    expect(parsePattern('PUT /v1.0/shop-items/{shop_id}/~me/{path+}')).toEqual({
      pattern: 'PUT /v1.0/shop-items/{shop_id}/~me/{path+}',
      method: 'PUT',
      path: '/v1.0/shop-items/{shop_id}/~me/{path+}',
      segments: [
        { kind: 'literal', text: 'v1.0' },
        { kind: 'literal', text: 'shop-items' },
        { kind: 'parameter', name: 'shop_id' },
        { kind: 'literal', text: '~me' },
        { kind: 'greedy', name: 'path' },
      ],
    });
  });

  it('takes names that are special elsewhere', () => {
    expect(parsePattern('GET /{__proto__}/constructor').segments).toEqual([
      { kind: 'parameter', name: '__proto__' },
      { kind: 'literal', text: 'constructor' },
    ]);
  });
});
