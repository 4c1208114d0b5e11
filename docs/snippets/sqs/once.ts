import { dynamoStore } from 'handlersmith/idempotency';
import { sqsHandler } from 'handlersmith/sqs';

import { Order } from './order.ts';

export const handler = sqsHandler(
  {
    message: Order,
    idempotency: { store: dynamoStore({ tableName: 'shop-once' }), key: ({ message }) => message.id },
  },
  async ({ message, logger }) => {
    logger.info('charged once', { order: message.id });
  },
);
