import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';

const client = new DynamoDBClient();

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> {
  // An example's body is trusted.
  const { id, name } = JSON.parse(event.body ?? '{}') as { id: string; name: string };
  if (name.length > Number(process.env['LARGEST_NAME'])) return { statusCode: 400, body: 'name too long' };
  await client.send(
    new PutItemCommand({
      TableName: process.env['SAMPLE_TABLE'],
      Item: { id: { S: id }, name: { S: name } },
    }),
  );
  return { statusCode: 200, body: JSON.stringify({ id, name }) };
}
