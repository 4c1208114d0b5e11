import { describe, expect, it } from 'vitest';

import { textOf } from './thrown.ts';

describe('textOf', () => {
  it.each([
    ['nothing', undefined, 'undefined'],
    ['a text', 'no', 'no'],
    ['a symbol', Symbol('no'), 'Symbol(no)'],
    ['an object without a prototype', Object.create(null), 'a value of type object'],
    [
      'an object whose toString throws',
      {
        toString: () => {
          throw new Error('no');
        },
      },
      'a value of type object',
    ],
  ])('Q7 has words for %s', (_, thrown, text) => {
    expect(textOf(thrown)).toBe(text);
  });
});
