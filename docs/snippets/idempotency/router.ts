import { httpRouter, route } from 'handlersmith/http';
import { idempotencyKeyHeader } from 'handlersmith/idempotency';

import { store } from './store.ts';

export const handler = httpRouter(
  {},
  {
    'POST /orders': route({ idempotency: { store, key: idempotencyKeyHeader() } }, () => ({
      id: crypto.randomUUID(),
    })),
    // A key of your own: the id is in the path, and a payment is the same whatever else is in the request.
    'POST /orders/{id}/payment': route(
      { idempotency: { store, key: ({ path }) => path['id'], payload: () => undefined } },
      ({ path }) => ({ paid: path.id, receipt: crypto.randomUUID() }),
    ),
    'GET /orders': route(() => []),
  },
);
