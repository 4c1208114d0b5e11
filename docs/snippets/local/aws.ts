import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { startAws } from '@handlersmith/local';
import { lambdaContext, sqsEvent } from '@handlersmith/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const aws = await startAws();
afterAll(() => aws.close());

// From here on every client of the SDK comes to this machine, also those that a handler makes.
Object.assign(process.env, aws.environment, { TABLE_NAME: 'orders' });
const { handler } = await import('./app/worker.ts');
const client = new DynamoDBClient();

beforeAll(() =>
  client.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  ),
);

test('the worker writes what it is sent', async () => {
  const event = sqsEvent([{ body: { id: 'o-1', amount: 3 } }]);
  expect(await handler(event, lambdaContext())).toEqual({ batchItemFailures: [] });
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'o-1' } }, ConsistentRead: true }),
  );
  expect(Item?.['amount']).toEqual({ N: '3' });
});
