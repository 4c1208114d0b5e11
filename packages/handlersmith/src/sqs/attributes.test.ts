import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { snsAttributes, sqsAttributes } from './attributes.ts';

const sqs = (dataType: string, stringValue: string): unknown =>
  sqsAttributes({ a: { dataType, stringValue } })['a'];

describe('message attributes', () => {
  it.each([
    ['String', 'x', 'x'],
    ['String.own', 'x', 'x'],
    ['Number', '1.5', 1.5],
    ['Number.int', '-7', -7],
    ['Number', '1e3', 1000],
    ['Number', '123456789012345678901234567890', '123456789012345678901234567890'],
    ['Number', '0.1234567890123456789', '0.1234567890123456789'],
    ['Number', 'none', 'none'],
    ['Number', ' ', ' '],
    ['String.Array', '["a",1,true,null]', ['a', 1, true, null]],
    ['String.Array', '[{}]', '[{}]'],
    ['String.Array', 'a,b', 'a,b'],
  ])('Q9 %s %s', (type, text, value) => {
    expect(sqs(type, text)).toEqual(value);
    expect(snsAttributes({ a: { Type: type, Value: text } })['a']).toEqual(value);
  });

  it('Q9 hold any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(sqsAttributes({ a: { dataType: 'Binary', binaryValue: base64 } })['a']).toEqual(
          Buffer.from(bytes),
        );
        expect(snsAttributes({ a: { Type: 'Binary', Value: base64 } })['a']).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('Q9 a number is one only where it keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), (number) => {
        const value = sqs('Number', String(number));
        expect(String(value)).toBe(String(number));
      }),
    );
  });

  it('Q9 broken ones are left out, and names of the prototype are names', () => {
    const odd: unknown = JSON.parse(
      '{"__proto__":{"dataType":"String","stringValue":"x"},"n":null,"t":{},"v":{"dataType":"String"},"b":{"dataType":"Binary","stringValue":"x"}}',
    );
    const values = sqsAttributes(odd);
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
    for (const nothing of [undefined, null, 'text', 1]) expect(sqsAttributes(nothing)).toEqual({});
  });
});
