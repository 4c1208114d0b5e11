import { expect, test } from 'vitest';

import { rememberWrites } from './writes.ts';

const keys = (pk: string): object => ({ pk: { S: pk } });
const put = (pk: string): object => ({ TableName: 'items', Item: keys(pk) });

test('D4 an item that somebody writes is no longer one that expired, whoever it was', () => {
  const writes = rememberWrites(() => ['pk']);
  writes.expire('items', keys('a'));
  expect(writes.isExpired('items', keys('a'))).toBe(true);
  writes.see('PutItem', put('a'), undefined);
  expect(writes.isExpired('items', keys('a'))).toBe(false);
});

test('a write by nobody known takes the place of one by somebody', () => {
  const writes = rememberWrites(() => ['pk']);
  writes.see('PutItem', put('a'), 'Root=1-a');
  writes.see('UpdateItem', { TableName: 'items', Key: keys('a') }, undefined);
  expect(writes.traceOf('items', keys('a'))).toBeUndefined();
});

test('an app that runs for days forgets the first items that expired', () => {
  const writes = rememberWrites(() => ['pk']);
  for (let n = 0; n <= 20_000; n += 1) writes.expire('items', keys(String(n)));
  expect(writes.isExpired('items', keys('0'))).toBe(false);
  expect(writes.isExpired('items', keys('1'))).toBe(true);
  expect(writes.isExpired('items', keys('20000'))).toBe(true);
});
