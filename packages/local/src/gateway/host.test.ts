import { expect, test } from 'vitest';

import { hostCheck } from './host.ts';

test.each([
  'evil.example',
  'evil.example:3000',
  '127.0.0.1.evil.example',
  'localhost.evil.example.',
  'EVIL.example',
])('anybody may own %s', (host) => {
  expect(hostCheck([])(host)).toBe(false);
  expect(hostCheck(['example', 'other.example', '*.evil.example'])(host.replace(/^.*evil/iu, 'evil'))).toBe(
    false,
  );
});

test.each([
  undefined,
  '',
  'localhost',
  'localhost:3000',
  'LOCALHOST.',
  '127.0.0.1:3000',
  '192.168.0.7',
  '[::1]:3000',
  '[::1]',
  'api.localhost:1',
  'shop.test',
  'mac.local',
  'host.docker.internal:3000',
  'api:3000',
])('nobody elsewhere owns %s', (host) => {
  expect(hostCheck([])(host)).toBe(true);
});

test('names can be allowed, alone, below another, or all of them', () => {
  const allows = hostCheck(['Shop.example.com', '*.tunnel.example']);
  expect(
    ['shop.example.com', 'SHOP.example.com:443', 'a.tunnel.example', 'a.b.tunnel.example'].map(allows),
  ).toEqual([true, true, true, true]);
  expect(['example.com', 'a.shop.example.com', 'tunnel.example', 'atunnel.example'].map(allows)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(hostCheck(['*'])('evil.example')).toBe(true);
});
