import { sqsHandler } from 'handlersmith/sqs';

import { Order } from './order.ts';

export const handler = sqsHandler(
  { message: Order, onPermanent: 'drop', concurrency: 4 },
  async ({ message }) => {
    await ship(message.id);
  },
);

async function ship(id: string): Promise<void> {
  if (id === 'stuck') throw new Error('Try again');
}
