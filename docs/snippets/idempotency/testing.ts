import { request } from '@handlersmith/testing';
import { httpHandler } from 'handlersmith/http';
import { idempotencyKeyHeader, memoryStore } from 'handlersmith/idempotency';
import { expect, it } from 'vitest';

it('pays once', async () => {
  let payments = 0;
  const handler = httpHandler({ idempotency: { store: memoryStore(), key: idempotencyKeyHeader() } }, () => ({
    payment: (payments += 1),
  }));
  const headers = { 'idempotency-key': 'a-1' };
  await request(handler, 'POST /payments', { headers });
  const again = await request(handler, 'POST /payments', { headers });
  expect(again.json()).toEqual({ payment: 1 });
  expect(again.header('idempotency-replayed')).toBe('true');
});
