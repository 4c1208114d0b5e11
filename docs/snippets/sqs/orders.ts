import { queue } from 'handlersmith/sqs';

import { Order } from './order.ts';

export const orders = queue(Order, {
  url: process.env['ORDERS_URL'], // only who sends needs it
  fifo: { group: (order) => order.customer, deduplicationId: (order) => order.id },
});
