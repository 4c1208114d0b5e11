import { created, httpHandler } from 'handlersmith/http';
import { idempotencyKeyHeader } from 'handlersmith/idempotency';
import * as z from 'zod/mini';

import { store } from './store.ts';

const Order = z.object({ total: z.number() });

export const handler = httpHandler(
  { body: Order, idempotency: { store, key: idempotencyKeyHeader() } },
  ({ body }) => created({ id: crypto.randomUUID(), total: body.total }),
);
