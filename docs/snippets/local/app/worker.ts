import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { sqsHandler } from 'handlersmith/sqs';
import * as z from 'zod';

const client = new DynamoDBClient();
const Order = z.object({ id: z.string(), amount: z.int() });

export const handler = sqsHandler({ message: Order }, async ({ message, signal }) => {
  await client.send(
    new PutItemCommand({
      TableName: process.env['TABLE_NAME'],
      Item: { id: { S: message.id }, amount: { N: String(message.amount) } },
    }),
    { abortSignal: signal },
  );
});
