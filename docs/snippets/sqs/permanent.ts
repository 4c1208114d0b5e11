import { permanent, quarantine, sqsHandler } from 'handlersmith/sqs';

import { Order } from './order.ts';

const queueUrl =
  process.env['QUARANTINE_URL'] ?? 'https://sqs.eu-west-1.amazonaws.com/123456789012/quarantine';

export const handler = sqsHandler(
  { message: Order, onPermanent: quarantine({ queueUrl }) },
  ({ message, attempt, logger }) => {
    if (message.total > 10_000) throw permanent('Over the limit'); // will never do
    if (message.customer === 'busy') throw new Error('Try again'); // may do next time
    logger.info('shipped', { order: message.id, attempt });
  },
);
