import { orders } from './orders.ts';

export const handler = orders.handler({ concurrency: 20 }, ({ message, groupId, logger }) => {
  logger.info('order', { id: message.id, customer: groupId });
});
