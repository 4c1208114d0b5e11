import { marshall, unmarshall as sdkUnmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type EventAttribute, unmarshall } from './unmarshall.ts';

type EventImage = Record<string, EventAttribute>;

/** As an image is in an event: JSON, bytes in base64. */
function asEvent(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(asEvent);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asEvent(inner)]));
}

const eventImage = (item: Record<string, unknown>): EventImage => asEvent(marshall(item)) as EventImage; // the SDK's own form, as JSON

/** DynamoDB knows no negative zero, and the SDK's marshaller refuses whole numbers that are not safe. */
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 10n ** 38n - 1n }),
  fc.bigInt({ min: -(10n ** 38n) + 1n, max: -(2n ** 53n) }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100 + 0),
);
const bytes = fc.uint8Array({ maxLength: 20 });
const { item } = fc.letrec<{ value: unknown; item: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    number,
    fc.boolean(),
    fc.constant(null),
    bytes,
    fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 }).map((members) => new Set(members)),
    // Of one kind: the SDK's marshaller takes no set of both.
    fc.uniqueArray(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }).map((members) => new Set(members)),
    fc
      .uniqueArray(fc.bigInt({ min: 2n ** 53n, max: 2n ** 90n }), { minLength: 1, maxLength: 4 })
      .map((members) => new Set(members)),
    fc
      .uniqueArray(bytes, { minLength: 1, maxLength: 4, selector: String })
      .map((members) => new Set(members)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('item'),
  ),
  // The SDK's marshaller loses an attribute called __proto__; a test of its own is below.
  item: fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    tie('value'),
    { maxKeys: 5, noNullPrototype: true },
  ),
}));

/** Buffers are bytes: the comparison is of what they hold. */
function plainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Array.from(value);
  if (value instanceof Set) return new Set([...value].map(plainBytes));
  if (Array.isArray(value)) return value.map(plainBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainBytes(inner)]));
}

describe('unmarshall', () => {
  it.each([
    ['of no type that there is', { a: { X: '1' } }, 'type X'],
    ['without a type', { a: {} }, 'no type'],
    ['a number that is none', { a: { N: 'twelve' } }, 'holds no number'],
    ['an empty number', { a: { N: '' } }, 'holds no number'],
    ['a number in hexadecimal', { a: { N: '0x10' } }, 'holds no number'],
    ['a lone sign', { a: { N: '-' } }, 'holds no number'],
    ['a point without digits', { a: { N: '.' } }, 'holds no number'],
  ])('refuses an attribute %s, and does not tell its value', (_, image, message) => {
    for (const numbers of ['bigint', 'number', 'string'] as const)
      expect(() => unmarshall(image, { numbers })).toThrow(message);
    expect(() => unmarshall(image)).not.toThrow(/twelve|0x10/);
  });

  it('D3 gives back what the SDK marshalled', () => {
    fc.assert(
      fc.property(item, (plain) => {
        expect(plainBytes(unmarshall(eventImage(plain)))).toEqual(plainBytes(plain));
      }),
    );
  });

  it("D3 agrees with the SDK's own where both have the bytes decoded", () => {
    fc.assert(
      fc.property(item, (plain) => {
        const marshalled = marshall(plain);
        expect(plainBytes(unmarshall(eventImage(plain)))).toEqual(plainBytes(sdkUnmarshall(marshalled)));
      }),
    );
  });

  it('D3 decodes base64, which the SDK leaves as it is', () => {
    const image = { one: { B: 'AAEqQQ==' }, many: { BS: ['AAEqQQ==', 'QSoBAA=='] } };
    const { one, many } = unmarshall(image);
    expect(one).toBeInstanceOf(Uint8Array);
    expect(plainBytes([one, many])).toEqual([
      [0, 1, 42, 65],
      new Set([
        [0, 1, 42, 65],
        [65, 42, 1, 0],
      ]),
    ]);
    // The SDK takes what bytes are given it: base64 in an event stays text, and its types do not say so.
    expect(sdkUnmarshall(image as never)).toMatchObject({ one: 'AAEqQQ==' });
  });

  it('keeps an attribute called __proto__ as one, and pollutes nothing', () => {
    const image = JSON.parse(
      '{"__proto__":{"M":{"polluted":{"S":"yes"}}},"in":{"M":{"__proto__":{"S":"x"},"constructor":{"M":{"prototype":{"M":{"polluted":{"S":"yes"}}}}}}}}',
    ) as EventImage;
    const plain = unmarshall(image);
    expect(Object.keys(plain)).toEqual(['__proto__', 'in']);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(plain, '__proto__')?.value).toEqual({ polluted: 'yes' });
    expect({}).not.toHaveProperty('polluted');
  });

  it('takes no member that somebody has put on all objects for an attribute', () => {
    // oxlint-disable-next-line no-extend-native -- old libraries do
    Object.defineProperty(Object.prototype, 'stranger', {
      value: 'x',
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      const image = JSON.parse('{"id":{"S":"a"},"map":{"M":{"__proto__":{"S":"b"}}}}') as EventImage;
      expect(JSON.stringify(unmarshall(image))).toBe('{"id":"a","map":{"__proto__":"b"}}');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'stranger');
    }
  });

  it('A7 changes nothing of the event', () => {
    fc.assert(
      fc.property(item, (plain) => {
        const image = eventImage(plain);
        const before = structuredClone(image);
        unmarshall(image);
        expect(image).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });
});
