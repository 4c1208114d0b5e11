import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { didYouMean, nearest } from './nearest.ts';

const commands = ['dev', 'event', 'invoke', 'tick', 'openapi'];

test.each([
  ['', undefined],
  ['x', undefined],
  ['deploy', undefined],
  ['evnt', 'event'],
  ['ivnoke', 'invoke'],
  ['INVOKE', 'invoke'],
  ['open', 'openapi'],
  ['dve', 'dev'],
  ['tik', 'tick'],
])('%j is taken for %s', (typed, meant) => {
  expect(nearest(typed, commands)).toBe(meant);
});

test('a sentence, or nothing', () => {
  expect(didYouMean('prot', ['port'], '--')).toBe(' Did you mean --port?');
  expect(didYouMean('zzz', ['port'])).toBe('');
});

test('one slip in a word of four letters or more is always forgiven', () => {
  const word = fc.stringMatching(/^[a-m]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), (text, where) => {
      const at = where % text.length;
      expect(nearest(text.slice(0, at) + text.slice(at + 1), [text])).toBe(text);
      expect(nearest(`${text.slice(0, at)}z${text.slice(at)}`, [text])).toBe(text);
      expect(nearest(`${text.slice(0, at)}z${text.slice(at + 1)}`, [text])).toBe(text);
    }),
  );
});
