import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fingerprintOf, storedKey } from './key.ts';

describe('storedKey', () => {
  it.each([undefined, null, '', [], ['a', undefined], ['a', null], ['', 'a']])(
    'O5 has no key for %j: nothing absent is stored as if it were one',
    (key) => {
      expect(storedKey('pay', key)).toBeUndefined();
    },
  );

  it.each<[what: unknown, kind: string]>([
    [{ id: 1 }, 'an object'],
    [['a', { id: 1 }], 'an object'],
    [Number.NaN, 'NaN'],
    [true, 'a boolean'],
    [() => 'a', 'a function'],
  ])('Q8 refuses a whole record, or what is no id: %j', (key, kind) => {
    expect(() => storedKey('pay', key)).toThrow(
      new TypeError(
        `idempotency: key must give a string or a number, or a list of them, got ${kind}. Name the field that identifies the work.`,
      ),
    );
  });

  it('O5 keeps the keys of one operation from those of another, whatever they are called', () => {
    const named = fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(named, named, ([operation, key], [otherOperation, otherKey]) => {
        fc.pre(operation !== otherOperation || key !== otherKey);
        expect(storedKey(operation, key)).not.toBe(storedKey(otherOperation, otherKey));
      }),
    );
  });

  it('O5 tells lists from their parts run together', () => {
    const keys = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['a', 'b', 'c'],
      ['a,b', 'c'],
      ['a', 'b,c'],
      [1],
      ['1'],
      [1n],
    ];
    expect(new Set(keys.map((key) => storedKey('pay', key))).size).toBe(keys.length);
    expect(storedKey('pay', ['abc'])).toBe(storedKey('pay', 'abc'));
  });

  it('fits a table whatever the key, and shows nothing of it', () => {
    const key = storedKey('pay', `${'x'.repeat(10_000)}@example.com`);
    expect(key).toMatch(/^pay#[\w-]{43}$/);
  });
});

describe('fingerprintOf', () => {
  it('O5 refuses what cannot be told from its likes', () => {
    expect(() => fingerprintOf({ body: new FormData() })).toThrow(
      new TypeError(
        'idempotency: payload.body is a FormData, of which not everything can be seen; give plain data, or the class a toJSON',
      ),
    );
  });

  it('O5 is the same for the same fields in another order, at any depth', () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
  });

  it('O5 does not depend on the order in which any JSON object was made', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        expect(fingerprintOf(Object.fromEntries(Object.entries(fields).toReversed()))).toBe(
          fingerprintOf(fields),
        );
      }),
    );
  });

  it('O5 differs for what is different, where plain JSON would not tell', () => {
    const payloads = [
      [1, 2],
      [2, 1],
      '1,2',
      { a: 1 },
      { a: '1' },
      { a: 1n },
      { a: null },
      {},
      new Uint8Array([1, 2]),
      new Uint8Array([2, 1]),
      new Map([['a', 1]]),
      new Map([['a', 2]]),
      new Set([1]),
      new Set([2]),
      new Date(0),
      new Date(1),
    ];
    expect(new Set(payloads.map((payload) => fingerprintOf(payload))).size).toBe(payloads.length);
  });
});
