import { idempotent, memoryStore } from 'handlersmith/idempotency';

import { charge, type Order, type Receipt } from '../job/charge.ts';

const once = idempotent(charge, {
  store: memoryStore(),
  operation: 'charge',
  key: (order: Order) => order.id,
});

/** Runs `charge` for the first event; all others of the same order are replays. */
export const handler = (order: Order): Promise<Receipt> => once(order);
