import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';

const client = new DynamoDBClient();

export async function handler(): Promise<APIGatewayProxyResultV2> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: process.env['SAMPLE_TABLE'] }));
  return {
    statusCode: 200,
    body: JSON.stringify(Items.map(({ id, name }) => ({ id: id?.S, name: name?.S }))),
  };
}
