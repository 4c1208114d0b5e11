import { request } from '@handlersmith/testing';
import { expect, it } from 'vitest';

import { handler } from './handler.ts';

it('creates an item', async () => {
  const response = await request(handler, 'POST /items?dry=1', { body: { name: 'lamp' } });

  expect(response.status).toBe(201);
  expect(response.header('content-type')).toBe('application/json');
  expect(response.json()).toMatchObject({ name: 'lamp' });
});
