import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient();

export async function handler({ sensor, at }: { sensor: string; at: string }): Promise<void> {
  const expiresAt = Math.floor(Date.parse(at) / 1000) + 86_400;
  await client.send(
    new PutItemCommand({
      TableName: process.env['READINGS'],
      Item: { id: { S: `${sensor} ${at}` }, sensor: { S: sensor }, expiresAt: { N: String(expiresAt) } },
    }),
  );
}
