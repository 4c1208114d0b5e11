import { redriveHandler } from 'handlersmith/sqs';

import { Order } from './order.ts';

export const handler = redriveHandler(
  { to: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders', message: Order, maxRedrives: 2 },
  ({ message, reason }) => {
    if (message.total === 0) return 'drop';
    return reason?.reason === 'Over the limit' ? 'keep' : 'redrive';
  },
);
