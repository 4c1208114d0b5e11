import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';

const client = new DynamoDBClient();

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> {
  const id = event.pathParameters?.['id'] ?? '';
  const { Item } = await client.send(
    new GetItemCommand({ TableName: process.env['SAMPLE_TABLE'], Key: { id: { S: id } } }),
  );
  if (Item === undefined) return { statusCode: 404, body: JSON.stringify({ message: `no item ${id}` }) };
  return { statusCode: 200, body: JSON.stringify({ id, name: Item['name']?.S }) };
}
