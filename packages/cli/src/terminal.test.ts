import { Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { paintFor } from './terminal.ts';

const screen = Object.assign(new Writable(), { isTTY: true });

test('a style is written to a screen, and plain text to anything else', () => {
  expect(paintFor(new Writable(), { environment: { FORCE_COLOR: '1' } })('red', 'a')).toBe('a');
  expect(paintFor(screen, { environment: { NO_COLOR: '1' } })('red', 'a')).toBe('a');
  expect(paintFor(screen, { environment: { TERM: 'dumb' } })('red', 'a')).toBe('a');
  expect(paintFor(screen, { environment: { NO_COLOR: '' } })('red', 'a')).toBe('\u001B[31ma\u001B[39m');
});
