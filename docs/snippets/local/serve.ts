import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { serveHttpApi, startDynamoDb } from '@handlersmith/local';
import { httpHandler } from 'handlersmith/http';

await using dynamoDb = await startDynamoDb();
const client = new DynamoDBClient(dynamoDb.clientConfig);
await client.send(
  new CreateTableCommand({
    TableName: 'items',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  }),
);

const handler = httpHandler({ service: 'tables' }, async ({ signal }) => {
  const { TableNames } = await client.send(new ListTablesCommand(), { abortSignal: signal });
  return TableNames;
});

await using api = await serveHttpApi(handler);
const answer = await fetch(api.url);
export const tables = await answer.json();
