import { encodedKey } from '@handlersmith/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareSequencers, decodeKey, positionOf } from './key.ts';

/** S3 keys are well-formed UTF-8. */
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 64 })
  .filter((text) => text.isWellFormed());

/** With every byte escaped, as other encoders of forms do it. */
function escaped(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** A sequencer as the number that it stands for. */
function value(sequencer: string): bigint {
  return BigInt(`0x${sequencer.padEnd(20, '0')}`);
}

describe('decodeKey', () => {
  it('S1 gives back any key that S3 encoded, exactly once decoded', () => {
    fc.assert(fc.property(key, (text) => decodeKey(encodedKey(text)) === text));
    fc.assert(fc.property(key, (text) => decodeKey(escaped(text)) === text));
  });

  it.each([
    ['red+flower.jpg', 'red flower.jpg'],
    ['a%2Bb', 'a+b'],
    ['100%2525', '100%25'], // once only
    ['caf%C3%A9/%F0%9F%8C%B8', 'café/🌸'],
    ['plain/key.txt', 'plain/key.txt'],
  ])('S1 decodes %s once', (encoded, decoded) => {
    expect(decodeKey(encoded)).toBe(decoded);
  });

  it.each([
    ['100%', '100%'],
    ['50%zz+x', '50%zz x'],
    ['%C3%28', '%C3%28'], // no UTF-8
    ['%', '%'],
    ['%E0%A4', '%E0%A4'], // cut off
  ])('S1 keeps a malformed escape as it is: %s', (encoded, kept) => {
    expect(decodeKey(encoded)).toBe(kept);
  });

  it('S1 throws for no text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('%', '+', 'C', '3', 'z', '/') }), (text) => {
        expect(typeof decodeKey(text)).toBe('string');
      }),
    );
  });
});

describe('compareSequencers', () => {
  it.each([
    ['0055AED6DCD90281E5', '0055AED6DCD90281E6', -1],
    ['0055AED6DCD90281E5', '0055AED6DCD90281E5', 0],
    ['0A', '0A0000', 0], // zeros at the right are left out
    ['0B', '0A99', 1], // by place, not by size
    ['0a', '0A', 0],
    ['0a', '0B', -1],
    ['0A', '0b', -1],
    ['', '000', 0],
  ])('S3 pads the shorter with zeros: %s and %s', (one, other, order) => {
    expect(compareSequencers(one, other)).toBe(order);
  });

  it('S3 orders as the padded hexadecimal numbers do', () => {
    const sequencer = fc.string({
      unit: fc.constantFrom('0', '1', '7', '9', 'A', 'F'),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(sequencer, sequencer, (one, other) => {
        const expected = value(one) === value(other) ? 0 : value(one) < value(other) ? -1 : 1;
        expect(compareSequencers(one, other)).toBe(expected);
        expect(compareSequencers(other, one)).toBe(expected === 0 ? 0 : -expected);
      }),
    );
  });

  it('S3 comes out the same when the positions are compared as texts, as a store does it', () => {
    const sequencer = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'B', 'F'), maxLength: 6 });
    fc.assert(
      fc.property(sequencer, sequencer, (one, other) => {
        const [left, right] = [positionOf(one), positionOf(other)];
        expect(compareSequencers(one, other)).toBe(left === right ? 0 : left < right ? -1 : 1);
        expect(left).not.toBe(''); // some stores take no empty text
      }),
    );
  });
});
