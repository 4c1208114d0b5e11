import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { withoutBasePath, withoutStage } from './prefix.ts';

describe('H8 withoutStage', () => {
  it.each([
    ['/items', undefined, '/items'],
    ['/items', '$default', '/items'],
    ['/prod/items', 'prod', '/items'],
    ['/prod', 'prod', '/'],
    ['/prod/', 'prod', '/'],
    ['/production/items', 'prod', '/production/items'],
    ['/items/prod', 'prod', '/items/prod'],
    ['/prod/prod/items', 'prod', '/prod/items'],
    ['/prod//evil.example', 'prod', '//evil.example'],
    ['/', 'prod', '/'],
  ])('of %j in stage %j is %j', (path, stage, expected) => {
    expect(withoutStage(path, stage)).toBe(expected);
  });
});

describe('H8 withoutBasePath', () => {
  it.each([
    ['/items', '/items', undefined, '/items'],
    ['/v1/items', '/items', undefined, '/items'],
    ['/shop/v1/items', '/items', null, '/items'],
    ['/v1/items/7', '/items/{id}', { id: '7' }, '/items/7'],
    ['/v1/items/', '/items', undefined, '/items/'],
    ['/v1', '/', undefined, '/'],
    ['/', '/', undefined, '/'],
    ['/v1/', '/', undefined, '/'],
    ['/v1/a/b/c', '/{proxy+}', { proxy: 'a/b/c' }, '/a/b/c'],
    ['/v1/files/a/b', '/files/{path+}', { path: 'a/b' }, '/files/a/b'],
    ['/a/b', '/{proxy+}', { proxy: 'a/b' }, '/a/b'],
    ['/a', '/{proxy+}', {}, '/a'],
    ['/v1/a', '/{proxy+}', null, '/a'],
    ['/v1/items/a%2Fb', '/items/{id}', { id: 'a/b' }, '/items/a%2Fb'],
  ])('of %j at %j with %j is %j', (path, pattern, parameters, expected) => {
    expect(withoutBasePath(path, pattern, parameters)).toBe(expected);
  });

  it('takes any base path off any path', () => {
    const segment = fc.stringMatching(/^[a-z0-9._~-]{1,4}$/);
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 3 }),
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        (base, rest) => {
          const path = `/${rest.join('/')}`;
          const whole = `/${[...base, ...rest].join('/')}`;
          expect(withoutBasePath(whole, '/{proxy+}', { proxy: rest.join('/') })).toBe(path);
          expect(withoutBasePath(whole, path, {})).toBe(path);
        },
      ),
    );
  });
});
