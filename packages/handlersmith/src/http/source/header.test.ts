import { describe, expect, it } from 'vitest';

import { allHeaders, cookiePairs, oneHeader } from './header.ts';

describe('H2 one header', () => {
  it.each([
    [undefined],
    [null],
    [{}],
    [{ 'x-abc': '1' }],
    [{ 'x-a-b': '1', 'xx-a': '2' }],
    [{ 'x-a': undefined }],
  ])('is not in %j', (headers) => {
    expect(oneHeader(headers, 'x-a')).toBeUndefined();
  });

  it.each([['x-a'], ['X-A'], ['X-a']])('is found as %s', (name) => {
    expect(oneHeader({ 'x-ab': '0', [name]: '1' }, 'x-a')).toBe('1');
    expect(oneHeader({ 'x-ab': ['0'], [name]: ['1', '2'] }, 'x-a')).toBe('1, 2');
  });

  it('is never what every object has', () => {
    expect(oneHeader({}, 'constructor')).toBeUndefined();
    expect(oneHeader({}, '__proto__')).toBeUndefined();
  });

  it.each([[undefined], [null], [{}], [{ 'x-a': undefined }], [{ 'x-ab': ['1'] }]])(
    'is not in the lists of %j',
    (headers) => {
      expect(oneHeader(headers, 'x-a')).toBeUndefined();
    },
  );
});

describe('H2 all headers', () => {
  it.each([[undefined], [null], [{}], [{ 'x-a': undefined }]])('are none in %j', (headers) => {
    expect(Object.keys(allHeaders(headers))).toEqual([]);
  });

  it('have lower-case names and no special ones', () => {
    const single = allHeaders(
      JSON.parse('{"X-A":"1","__proto__":"2","Constructor":"3"}') as Record<string, string>,
    );
    expect(Object.entries(single)).toEqual([
      ['x-a', '1'],
      ['__proto__', '2'],
      ['constructor', '3'],
    ]);
    expect('toString' in single).toBe(false);
    const listed = allHeaders(JSON.parse('{"X-A":["1","12"],"__proto__":["2"]}') as Record<string, string[]>);
    expect(Object.entries(listed)).toEqual([
      ['x-a', '1, 12'],
      ['__proto__', '2'],
    ]);
    expect('toString' in listed).toBe(false);
  });
});

it('H9 cookies that came one by one are joined as one header has them', () => {
  const headers = { Cookie: ['a=1', 'b=2; c=3'] };
  expect(oneHeader(headers, 'cookie')).toBe('a=1; b=2; c=3');
  expect(allHeaders(headers)['cookie']).toBe('a=1; b=2; c=3');
});

it.each([
  [undefined, []],
  ['', []],
  ['a=1', ['a=1']],
  ['a=1; b=2;c=3', ['a=1', 'b=2', 'c=3']],
  ['a=1, 2; b="x; y"', ['a=1, 2', 'b="x', 'y"']],
])('H9 the pairs of the cookie header %j', (header, pairs) => {
  expect(cookiePairs(header)).toEqual(pairs);
});
