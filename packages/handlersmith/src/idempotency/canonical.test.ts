import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonical } from './canonical.ts';

class Secret {
  readonly #value: number;
  constructor(value: number) {
    this.#value = value;
  }
  read(): number {
    return this.#value;
  }
}

const circle = (): object => {
  const itself: Record<string, unknown> = {};
  itself['list'] = [itself];
  return itself;
};
const deep = (): unknown => {
  let value: unknown = 1;
  for (let depth = 0; depth < 200_000; depth++) value = [value];
  return value;
};

describe('O5 refuses what cannot be told from its likes, and says where it is:', () => {
  it.each<[what: string, value: unknown, message: RegExp]>([
    ['a function', { on: [() => 1] }, /^payload\.on\[0\] is a function, which has no value to compare$/],
    ['a symbol', { on: Symbol('a') }, /^payload\.on is a symbol/],
    ['private state', [new Secret(1)], /^payload\[0\] is a Secret, of which not everything can be seen/],
    ['a promise', { a: Promise.resolve(1) }, /^payload\.a is a Promise/],
    ['headers', new Headers({ a: '1' }), /^payload is a Headers/],
    ['a form', { form: new URLSearchParams('a=1') }, /^payload\.form is a URLSearchParams/],
    ['an error', new Map([['a', new Error('x')]]), /^payload \(an entry\) is a Error/],
    ['a boxed text', new Set([new String('a')]), /^payload \(an entry\) is a String/],
    [
      'a class without a name',
      new (class {
        field = 1;
      })(),
      /^payload is a class instance/,
    ],
    ['what holds itself', circle(), /^payload\.list\[0\] holds itself$/],
    ['what is too deep', deep(), /^payload is nested too deeply$/],
  ])('%s', (_what, value, message) => {
    expect(() => canonical('payload', value)).toThrow(TypeError);
    expect(() => canonical('payload', value)).toThrow(message);
  });
});

/** Values of all kinds, and the same values made in another way. */
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date(),
  fc.uint8Array({ maxLength: 8 }),
  fc.float64Array({ maxLength: 2 }),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.string({ maxLength: 3 }), tie('tree')), { maxLength: 3 }).map((all) => new Map(all)),
    fc.array(scalar, { maxLength: 3 }).map((all) => new Set(all)),
    // Objects that look like what an encoding might write for the others.
    fc.record({ bytes: fc.string() }),
    fc.record({ integer: fc.bigInt().map(String) }),
    fc.record({ map: fc.array(fc.tuple(fc.string(), scalar)) }),
    fc.record({ set: fc.array(scalar) }),
  ),
}));

describe('O5 the text', () => {
  it('is the same for two values if, and only if, they are the same', () => {
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        expect(canonical('x', one) === canonical('x', other)).toBe(isSame(one, other));
      }),
      { numRuns: 500 },
    );
  });

  it('differs as soon as any one part does', () => {
    fc.assert(
      fc.property(tree, scalar, scalar, (around, one, other) => {
        fc.pre(!isSame(one, other));
        const within = (value: unknown): unknown => ({ around, list: [value], map: new Map([['a', value]]) });
        expect(canonical('x', within(one))).not.toBe(canonical('x', within(other)));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in whatever order fields, entries and members came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), tree), { selector: ([name]) => name }), (entries) => {
        const turned = entries.toReversed();
        expect(canonical('x', new Map(turned))).toBe(canonical('x', new Map(entries)));
        expect(canonical('x', Object.fromEntries(turned))).toBe(canonical('x', Object.fromEntries(entries)));
        expect(canonical('x', new Set(turned))).toBe(canonical('x', new Set(entries)));
      }),
    );
  });

  it('tells what JSON does not', () => {
    const values = [
      null,
      undefined,
      Number.NaN,
      Infinity,
      -Infinity,
      'NaN',
      '1',
      1,
      1n,
      '1n',
      [undefined],
      [null],
      [],
      {},
      new Map(),
      new Set(),
      new Uint8Array(),
      new ArrayBuffer(0),
      new Float32Array(),
      new DataView(new ArrayBuffer(0)),
      new Date(0),
      new Date(0).toJSON(),
      new Date(Number.NaN),
      { bytes: '' },
      JSON.parse('{"__proto__":1}'),
      new URL('https://example.com/'),
      'https://example.com/',
      '\uD800',
      '\uD801',
    ];
    expect(new Set(values.map((value) => canonical('x', value))).size).toBe(values.length);
  });

  it.each<[what: string, one: unknown, other: unknown]>([
    ['an absent field and one that is undefined', {}, { a: undefined }],
    ['a Buffer and its bytes', Buffer.from('ab'), new Uint8Array([97, 98])],
    ['a part of a larger buffer', new Uint8Array([0, 97, 98, 0]).subarray(1, 3), new Uint8Array([97, 98])],
    [
      'an object of another realm',
      runInNewContext('({ a: [1, new Map([[1, 2]])] })'),
      { a: [1, new Map([[1, 2]])] },
    ],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['a gap in a list', Array.from({ length: 1 }), [undefined]],
    ['one object twice, which is no circle', [[1], [1]], Array.from({ length: 2 }, () => [1])],
    ['0 and -0', 0, -0],
  ])('is the same for %s', (_what, one, other) => {
    expect(canonical('x', one)).toBe(canonical('x', other));
  });

  it('is the same for one object in two places', () => {
    const shared = { a: 1 };
    expect(canonical('x', [shared, shared])).toBe(canonical('x', [{ a: 1 }, { a: 1 }]));
  });
});

/** Sameness by another way than text: part by part. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other || (Number.isNaN(one) && Number.isNaN(other));
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other))
    return isLiteral(one) && isLiteral(other) && haveSameFields(one, other);
  if (one instanceof Date && other instanceof Date) return isSame(one.getTime(), other.getTime());
  if (ArrayBuffer.isView(one) && ArrayBuffer.isView(other))
    return Buffer.compare(viewOf(one), viewOf(other)) === 0;
  if (one instanceof Map && other instanceof Map) return haveSameMembers([...one], [...other]);
  if (one instanceof Set && other instanceof Set) return haveSameMembers([...one], [...other]);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, index) => isSame(each, other[index]));
  return haveSameFields(one, other);
}

function viewOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function haveSameFields(one: object, other: object): boolean {
  return haveSameMembers(fieldsOf(one), fieldsOf(other));
}

function fieldsOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

/** Each has its match, in any order. */
function haveSameMembers(one: readonly unknown[], other: readonly unknown[]): boolean {
  const left = [...other];
  return (
    one.length === other.length &&
    one.every((each) => {
      const index = left.findIndex((candidate) => isSame(each, candidate));
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    })
  );
}
