import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { WrongUse } from '../problem.ts';
import { putAt, readPath, readSetting, writePath } from './path.ts';

test.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a]', 'a[x]', 'a[-1]', 'a[1.5]', 'a[1]b', '[99999]', 'a\\'])(
  '%j is no path',
  (text) => {
    expect(() => readPath(text)).toThrow(WrongUse);
  },
);

test.each(['', 'a', 'a.b', '=1', 'a\\=1'])('%j sets nothing', (typed) => {
  expect(() => {
    const { path } = readSetting(typed);
    return path;
  }).toThrow(WrongUse);
});

test.each([
  ['a=1', ['a'], '1'],
  ['a.b[0].c=x=y', ['a', 'b', 0, 'c'], 'x=y'],
  ['[1].key=', [1, 'key'], ''],
  ['headers.x-a\\.b=1', ['headers', 'x-a.b'], '1'],
  ['a\\=b=c', ['a=b'], 'c'],
])('%j', (typed, path, text) => {
  expect(readSetting(typed)).toEqual({ path, text, typed });
});

const step = fc.oneof(fc.string({ minLength: 1 }), fc.nat({ max: 9_999 }));
const path = fc.array(step, { minLength: 1, maxLength: 6 });

test('every path is read as it was written', () => {
  fc.assert(
    fc.property(path, (steps) => {
      expect(readPath(writePath(steps))).toEqual(steps);
    }),
  );
});

test('any text is a path or wrong use, nothing else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      let told: unknown;
      try {
        told = readPath(text);
      } catch (error) {
        told = error;
      }
      expect(Array.isArray(told) || told instanceof WrongUse).toBe(true);
    }),
  );
});

describe('putting', () => {
  test('makes lists and objects on the way, and leaves the rest', () => {
    expect(putAt({ a: 1 }, ['b', 1, 'c'], 2)).toEqual({ a: 1, b: [null, { c: 2 }] });
    expect(putAt({ a: { x: 1 } }, ['a', 'y'], 2)).toEqual({ a: { x: 1, y: 2 } });
    expect(putAt('text', ['a'], 1)).toEqual({ a: 1 });
  });

  test('A7 what was there stays as it was, and what was put is there', () => {
    const small = fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat({ max: 20 })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), small, fc.integer(), (value, steps, put) => {
        const before = JSON.stringify(value);
        let found: unknown = putAt(value, steps, put);
        expect(JSON.stringify(value)).toBe(before);
        // Own properties alone: a path through the prototype would be no JSON.
        for (const one of steps) found = Object.getOwnPropertyDescriptor(found, one)?.value as unknown;
        expect(found).toBe(put);
      }),
    );
  });

  test('H5 a key of the language is a key like any other', () => {
    const made = putAt({}, ['__proto__', 'polluted'], 1);
    expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":1}}');
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});
