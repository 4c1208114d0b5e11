import { sqsHandler } from 'handlersmith/sqs';
import { z } from 'zod';

import { Order } from './order.ts';

export const seen: unknown[] = [];

export const handler = sqsHandler(
  { envelope: 'sns', message: Order, attributes: z.object({ tenant: z.string() }) },
  ({ message, attributes, notification }) => {
    seen.push([message.id, attributes.tenant, notification?.topicArn ?? 'delivered raw']);
  },
);
