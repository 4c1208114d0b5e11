import { dynamoStore } from 'handlersmith/idempotency';
import { s3Handler } from 'handlersmith/s3';

export const handler = s3Handler(
  {
    on: 'created',
    outputPrefix: 'reports/',
    idempotency: { store: dynamoStore({ tableName: 'idempotency' }) },
  },
  async ({ object, logger }) => {
    const { contentType } = await object.head();
    logger.info('new object', { contentType });
  },
);
