import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { numberReader } from './number.ts';

const read = {
  bigint: numberReader('bigint'),
  number: numberReader('number'),
  string: numberReader('string'),
};

/** Any number that DynamoDB takes: 38 digits, to the power of -130 to 125. */
const anyNumber = fc
  .record({
    sign: fc.constantFrom('', '-'),
    digits: fc.string({
      unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
      minLength: 1,
      maxLength: 38,
    }),
    point: fc.nat({ max: 37 }),
    power: fc.option(fc.integer({ min: -130, max: 87 }), { nil: undefined }),
  })
  .map(({ sign, digits, point, power }) => {
    const at = Math.min(point, digits.length - 1);
    const plain = at === 0 ? digits : `${digits.slice(0, -at)}.${digits.slice(-at)}`;
    return sign + plain + (power === undefined ? '' : `E${power}`);
  });

/** Sign, digits and power of ten, worked out in another way than the code does. */
function canonical(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  let digits = BigInt(whole + fraction);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return '0';
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return `${mantissa.startsWith('-') ? '-' : ''}${digits}e${exponent}`;
}

describe('numbers', () => {
  it('D3 keep all their digits by default, whatever they are, and never throw', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        expect(canonical(String(read.bigint(text)))).toBe(canonical(text));
        expect(canonical(String(read.string(text)))).toBe(canonical(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('are what Number says where one is asked for', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        expect(read.number(text)).toBe(Number(text) === 0 ? Number(text) + 0 : Number(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('of up to 15 digits are the nearest there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        fc.integer({ min: 0, max: 6 }),
        (whole, places) => {
          const text = (whole / 10 ** places).toFixed(places);
          expect(read.bigint(text)).toBe(Number(text) + 0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['9007199254740991', 9_007_199_254_740_991, 9_007_199_254_740_991, 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n, 9_007_199_254_740_992, '9007199254740992'],
    ['9007199254740993', 9_007_199_254_740_993n, 9_007_199_254_740_992, '9007199254740993'],
    ['-9007199254740993', -9_007_199_254_740_993n, -9_007_199_254_740_992, '-9007199254740993'],
    ['1E+20', 100_000_000_000_000_000_000n, 1e20, '1E+20'],
    ['9007199254740993.5', '9007199254740993.5', 9_007_199_254_740_994, '9007199254740993.5'],
    ['3.14159265358979323846', '3.14159265358979323846', Math.PI, '3.14159265358979323846'],
    ['0.1234567890123456', 0.1234567890123456, 0.1234567890123456, 0.1234567890123456],
    ['100.000000000000000000', 100, 100, 100],
    ['-0', 0, 0, 0],
    ['-0.0', 0, 0, 0],
  ])('%s is %s, or %s, or %s', (text, bigint, number, string) => {
    expect([read.bigint(text), read.number(text), read.string(text)]).toEqual([bigint, number, string]);
  });
});
