import { dynamoStore } from 'handlersmith/idempotency';
import { streamHandler } from 'handlersmith/stream';

export const handler = streamHandler(
  { concurrency: 8, idempotency: { store: dynamoStore({ tableName: 'shop-once' }) } },
  ({ keys, logger }) => logger.info('done once', { id: keys['id'] }),
);
