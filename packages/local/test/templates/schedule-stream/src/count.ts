import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

const client = new DynamoDBClient();

export async function handler(event: DynamoDBStreamEvent): Promise<void> {
  for (const { dynamodb } of event.Records) {
    const sensor = dynamodb?.NewImage?.['sensor']?.S ?? 'unknown';
    // A shard's records are worked off in their order.
    // oxlint-disable-next-line no-await-in-loop
    await client.send(
      new UpdateItemCommand({
        TableName: process.env['TOTALS'],
        Key: { id: { S: sensor } },
        UpdateExpression: 'ADD readings :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  }
}
