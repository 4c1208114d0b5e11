import { dynamoStore } from 'handlersmith/idempotency';
import { s3Handler } from 'handlersmith/s3';

const store = dynamoStore({ tableName: 'idempotency' });

export const handler = s3Handler(
  { prefix: 'profiles/', ordered: { store }, idempotency: { store } },
  async ({ object, logger }) => {
    // What stands in the search index is never older than what was indexed last.
    if (object.kind === 'removed') logger.info('off the index', { key: object.key });
    else logger.info('indexed', { key: object.key, bytes: (await object.bytes()).byteLength });
  },
);
