import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { serveHttpApi, startDynamoDb } from '@handlersmith/local';

await using dynamoDb = await startDynamoDb();
const client = new DynamoDBClient(dynamoDb.clientConfig);

await using api = await serveHttpApi(handler);
const answer = await fetch(`${api.url}/items`);

export const tables = await client.send(new ListTablesCommand());
export const status = answer.status;

async function handler(): Promise<object> {
  return { statusCode: 200, body: '[]' };
}
