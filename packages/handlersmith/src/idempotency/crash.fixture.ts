/**
 * A process that claims a key and is killed over its work.
 *
 * @module
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { dynamoStore, idempotent } from './index.ts';

const [endpoint = '', tableName = '', lease = ''] = process.argv.slice(2);
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });

const work = idempotent(
  () => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
  { store: dynamoStore({ tableName, client }), operation: 'crash', key: () => 'order', lease: Number(lease) },
);
await work();
