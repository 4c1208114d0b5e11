import assert from 'node:assert/strict';
import { test } from 'node:test';

import { request } from '@handlersmith/testing';

import { handler } from './handler.ts';

test('makes an item and finds it again', async () => {
  const made = await request(handler, 'POST /items', { body: { name: 'lamp', price: 25 } });
  assert.equal(made.status, 201);

  const found = await request(handler, `GET ${made.header('location')}`);
  assert.deepEqual(found.json(), { name: 'lamp', price: 25 });
});

test('tells what is wrong with an item', async () => {
  const refused = await request(handler, 'POST /items', { body: { name: '' } });
  assert.equal(refused.status, 400);
  assert.equal(refused.header('content-type'), 'application/problem+json');
});
