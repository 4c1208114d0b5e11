import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { wellFormedText } from '../../test/text.ts';
import { decodeFormText, groupQuery, MalformedEncoding, pairsOf, parseQuery } from './query.ts';

const text = wellFormedText();
const pairsArbitrary = fc.array(fc.tuple(text, text));

/** The pairs, or what was thrown. */
function outcomeOf(raw: string): unknown {
  try {
    return parseQuery(raw);
  } catch (error) {
    return error;
  }
}

describe('parseQuery', () => {
  it.each(['%', 'a=%', 'a=%2', '%zz=1', 'a=%C3', 'a=%C3%28', 'a=%ED%A0%80', 'ok=1&a=%FF'])(
    'H6 refuses the malformed %j',
    (raw) => {
      const caught = outcomeOf(raw);
      expect(caught).toBeInstanceOf(MalformedEncoding);
      expect(caught).toMatchObject({
        part: 'query',
        message: 'The query holds a malformed percent-encoding',
      });
      expect(caught).toHaveProperty('cause', expect.any(URIError));
    },
  );

  it.each([
    ['', []],
    ['&&', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=a', [['', 'a']]],
    ['=', [['', '']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a=1,2', [['a', '1,2']]],
    ['a+b=c%20d%2Be', [['a b', 'c d+e']]],
    ['a=%2525', [['a', '%25']]],
    [
      '__proto__=1&constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
  ])('H6 reads %j once', (raw, pairs) => {
    expect(parseQuery(raw)).toEqual(pairs);
  });

  it('H6 gives back any pairs that were encoded', () => {
    fc.assert(
      fc.property(pairsArbitrary, (pairs) => {
        expect(parseQuery(new URLSearchParams(pairs).toString())).toEqual(pairs);
      }),
    );
  });

  it('H6 reads any text as pairs or refuses it, and never fails otherwise', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('%', '&', '=', '+', '2', 'F', 'f', 'C', '3', 'a', 'ä', '\uD800'),
    });
    fc.assert(
      fc.property(hostile, (raw) => {
        expect(outcomeOf(raw)).toSatisfy(
          (outcome) => Array.isArray(outcome) || outcome instanceof MalformedEncoding,
        );
      }),
    );
  });
});

it('H6 decodes a form text once', () => {
  expect(decodeFormText('plain')).toBe('plain');
  expect(decodeFormText('a+b')).toBe('a b');
  expect(decodeFormText('%2541')).toBe('%41');
  expect(() => decodeFormText('%')).toThrow(MalformedEncoding);
});

describe('pairsOf', () => {
  it('H6 takes one value or a list by name, and lists that are absent', () => {
    expect(pairsOf({ a: '1', b: ['x', 'y'], c: undefined, d: [] })).toEqual([
      ['a', '1'],
      ['b', 'x'],
      ['b', 'y'],
    ]);
    expect(pairsOf(null)).toEqual([]);
    expect(pairsOf(undefined)).toEqual([]);
  });

  it('H6 decodes names and values where the source does not', () => {
    expect(pairsOf({ 'a+b': ['c%20d', '1'] }, decodeFormText)).toEqual([
      ['a b', 'c d'],
      ['a b', '1'],
    ]);
    expect(pairsOf({ 'a+b': 'c%20d' })).toEqual([['a+b', 'c%20d']]);
  });
});

describe('groupQuery', () => {
  it('keeps repeats as a list, in order', () => {
    const pairs = [
      ['a', '1'],
      ['b', 'x'],
      ['a', '2'],
      ['a', '3'],
    ] as const;
    expect(groupQuery(pairs)).toEqual(Object.assign(Object.create(null), { a: ['1', '2', '3'], b: 'x' }));
  });

  it('holds no name as special', () => {
    const query = groupQuery([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
      ['toString', '4'],
    ]);
    expect(Object.entries(query)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', ['3', '4']],
    ]);
    expect(Object.getPrototypeOf(query)).toBeNull();
    expect('valueOf' in query).toBe(false);
  });

  it('loses nothing of any pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', ''), text)), (pairs) => {
        const query = groupQuery(pairs);
        for (const name of new Set(pairs.map(([each]) => each))) {
          const values = pairs.filter(([each]) => each === name).map(([, value]) => value);
          expect(query[name]).toEqual(values.length === 1 ? values[0] : values);
        }
      }),
    );
  });
});
