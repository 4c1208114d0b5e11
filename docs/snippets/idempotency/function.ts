import { idempotent } from 'handlersmith/idempotency';

import { store } from './store.ts';

interface Order {
  id: string;
  total: number;
}

export const charge = idempotent(
  async (order: Order) => ({ charged: order.total, at: new Date(), receipt: crypto.randomUUID() }),
  {
    store,
    operation: 'charge',
    key: (order) => order.id,
    payload: (order) => order.total,
  },
);
