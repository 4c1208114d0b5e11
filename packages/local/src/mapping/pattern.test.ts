import { describe, expect, test } from 'vitest';

import { anyPattern, eventPattern } from './pattern.ts';

const event = {
  source: 'shop',
  'detail-type': 'Sold',
  ip: '10.0.0.7',
  detail: { price: 12.5, name: 'Lamp', tags: ['new', 'blue'], seller: null, nested: { deep: true } },
};

describe('a pattern that makes no sense is refused with its place', () => {
  test.each([
    ['text', /object/u],
    [{ source: 'shop' }, /source is a list/u],
    [{ source: [] }, /source is a list/u],
    [{ detail: { price: [{ numeric: ['>'] }] } }, /detail\.price\.numeric/u],
    [{ detail: { price: [{ numeric: ['~', 1] }] } }, /detail\.price\.numeric/u],
    [{ source: [{ prefix: 1 }] }, /source\.prefix is a text/u],
    [{ source: [{ begins: 'a' }] }, /not one of/u],
    [{ source: [{ prefix: 'a', suffix: 'b' }] }, /not one of/u],
    [{ source: [{ exists: 'yes' }] }, /true or false/u],
    [{ ip: [{ cidr: 'nonsense' }] }, /range/u],
    [{ $or: { source: ['a'] } }, /\$or is a list/u],
  ])('%j', (pattern, message) => {
    expect(() => eventPattern(pattern)).toThrow(message);
  });
});

describe('a pattern', () => {
  test.each<[pattern: unknown, matches: boolean]>([
    [{}, true],
    [{ source: ['shop'] }, true],
    [{ source: ['stock', 'shop'] }, true],
    [{ source: ['Shop'] }, false],
    [{ source: ['shop'], 'detail-type': ['Bought'] }, false],
    [{ detail: { tags: ['blue'] } }, true],
    [{ detail: { seller: [null] } }, true],
    [{ detail: { seller: [{ exists: true }] } }, true],
    [{ detail: { buyer: [{ exists: false }] } }, true],
    [{ detail: { buyer: [{ exists: true }] } }, false],
    [{ detail: { buyer: { name: [{ exists: false }] } } }, true],
    [{ detail: { name: [{ prefix: 'La' }] } }, true],
    [{ detail: { name: [{ prefix: { 'equals-ignore-case': 'lA' } }] } }, true],
    [{ detail: { name: [{ suffix: 'mp' }] } }, true],
    [{ detail: { name: [{ suffix: 'MP' }] } }, false],
    [{ detail: { name: [{ 'equals-ignore-case': 'LAMP' }] } }, true],
    [{ detail: { name: [{ wildcard: 'L*p' }] } }, true],
    [{ detail: { name: [{ wildcard: 'L.mp' }] } }, false],
    [{ detail: { name: [{ 'anything-but': ['Lamp', 'Desk'] }] } }, false],
    [{ detail: { name: [{ 'anything-but': 'Desk' }] } }, true],
    [{ detail: { name: [{ 'anything-but': { prefix: 'La' } }] } }, false],
    [{ detail: { buyer: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { price: [{ numeric: ['>', 10, '<=', 12.5] }] } }, true],
    [{ detail: { price: [{ numeric: ['=', 12] }] } }, false],
    [{ detail: { name: [{ numeric: ['>', 0] }] } }, false],
    [{ ip: [{ cidr: '10.0.0.0/24' }] }, true],
    [{ ip: [{ cidr: '10.0.1.0/24' }] }, false],
    [{ $or: [{ source: ['x'] }, { detail: { nested: { deep: [true] } } }] }, true],
    [{ $or: [{ source: ['x'] }, { source: ['y'] }] }, false],
    [{ constructor: [{ exists: true }] }, false],
  ])('%j: %s', (pattern, matches) => {
    expect(eventPattern(pattern)(event)).toBe(matches);
  });
});

test('several filters are alternatives, and none lets everything pass', () => {
  expect(anyPattern([])(event)).toBe(true);
  expect(anyPattern(['{"source":["x"]}', '{"source":["shop"]}'])(event)).toBe(true);
  expect(anyPattern(['{"source":["x"]}'])(event)).toBe(false);
});
