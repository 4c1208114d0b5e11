import { httpHandler, accepted } from 'handlersmith/http';

import { Order } from './order.ts';
import { orders } from './orders.ts';

export const handler = httpHandler({ body: Order }, async ({ body, signal }) => {
  await orders.send(body, { attributes: { source: 'web' }, signal });
  return accepted({ id: body.id });
});
