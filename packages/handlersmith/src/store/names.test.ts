import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { blobKey, dayOf, digest, isRowKey, parseBlobKey, writeName } from './names.ts';

const name = {
  day: '2027-01-15',
  write: writeName('tenant', 'key'),
  generation: 0,
  content: digest('bytes'),
  rowKey: { id: 'photo-1' },
};

describe('the key of a blob', () => {
  it('that would be longer than S3 takes is refused', () => {
    expect(() => blobKey('blobs/', { ...name, rowKey: { id: 'x'.repeat(800) } })).toThrow(
      /rowKey is too long.*1024/s,
    );
  });

  it.each([
    ['of another prefix', 'other/2027-01-15/x'],
    ['without a row', `blobs/2027-01-15/${name.write}/g0.abc`],
    ['without a generation', `blobs/2027-01-15/${name.write}/abc~e30`],
    ['of a generation with a zero in front', `blobs/2027-01-15/${name.write}/g01.abc~eyJpZCI6ImEifQ`],
    ['with a row that is no JSON', `blobs/2027-01-15/${name.write}/g0.abc~abc`],
    ['with a row that is no key', `blobs/2027-01-15/${name.write}/g0.abc~e30`],
    ['of a team of its own', 'blobs/readme.txt'],
  ])('%s is none of the store', (_, key) => {
    expect(parseBlobKey('blobs/', key)).toBeUndefined();
  });

  it('says what it was made of', () => {
    const texts = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
    const rowKeys = fc.oneof(
      texts.map((id) => ({ id })),
      fc.tuple(texts, fc.integer()).map(([pk, sk]) => ({ pk, sk })),
    );
    fc.assert(
      fc.property(rowKeys, fc.nat(), fc.integer({ min: 0, max: 4e12 }), (rowKey, generation, time) => {
        const made = { ...name, day: dayOf(time), generation, rowKey };
        expect(parseBlobKey('a/b/', blobKey('a/b/', made))).toEqual(made);
      }),
    );
  });

  it('lies under the day it was staged on, so that a sweep lists days', () => {
    expect(blobKey('blobs/', name)).toMatch(/^blobs\/2027-01-15\//);
    expect(dayOf(Date.UTC(2027, 0, 15, 23, 59, 59, 999))).toBe('2027-01-15');
  });
});

describe('the name of a write', () => {
  it('refuses a scope that could make two of them meet', () => {
    expect(() => writeName('a\0b', 'c')).toThrow(/NUL/);
  });

  it('differs by scope and by key, and is the same each time', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.string(), fc.string(), fc.string(), fc.string()),
        ([scope, key, otherScope, otherKey]) => {
          fc.pre(![scope, otherScope].some((text) => text.includes('\0')));
          const same = scope === otherScope && key === otherKey;
          expect(writeName(scope, key) === writeName(otherScope, otherKey)).toBe(same);
        },
      ),
    );
    expect(writeName('tenant', 'key')).toMatch(/^[0-9a-f]{32}$/);
  });
});

it.each([
  [null],
  ['id'],
  [[]],
  [{}],
  [{ a: 'x', b: 'y', c: 'z' }],
  [{ id: '' }],
  [{ id: Number.NaN }],
  [{ id: true }],
  [{ id: 'half of a pair \ud83d' }],
])('a row has no key like %j', (value) => {
  expect(isRowKey(value)).toBe(false);
});
