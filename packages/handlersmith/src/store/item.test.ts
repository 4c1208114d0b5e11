import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromItem, toItem } from './item.ts';

describe('what no attribute can hold is refused by its name', () => {
  class Circle {
    radius = 1;
  }
  it.each([
    ['a function', () => 1, /row\(\): field is a function/],
    ['a symbol', Symbol('x'), /is a symbol/],
    ['a date', new Date(0), /is a Date; give text or a number/],
    ['a class instance', new Circle(), /is a Circle/],
    ['no number', Number.NaN, /is NaN/],
    ['an endless number', Infinity, /is Infinity/],
    ['an empty set', new Set(), /is a Set/],
    ['a mixed set', new Set([1, 'a']), /is a Set/],
    ['something in a list', [1, [Infinity]], /field\[1\]\[0\] is Infinity/],
    ['something in an object', { deep: { down: Infinity } }, /field\.deep\.down is Infinity/],
    ['nothing in a list', [undefined], /field\[0\] is a undefined/],
  ])('%s', (_, value, message) => {
    expect(() => toItem('row()', { field: value })).toThrow(message);
  });
});

it('brings values back as they were', () => {
  const numbers = fc
    .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map((each) => each + 0);
  const leaf = fc.oneof(
    fc.string(),
    numbers.filter((each) => !Number.isInteger(each) || Number.isSafeInteger(each)),
    fc.bigInt({ min: 2n ** 53n, max: 10n ** 37n }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(fc.string(), { minLength: 1 }).map((texts) => new Set(texts)),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(value, (each) => {
      expect(fromItem(toItem('row()', { each }))).toEqual({ each });
    }),
  );
});

it('leaves out what is undefined', () => {
  expect(toItem('row()', { a: 1, b: undefined, c: { d: undefined } })).toEqual({
    a: { N: '1' },
    c: { M: {} },
  });
});
