import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { S3Event } from 'aws-lambda';

const queueUrl = process.env['QUEUE_URL'];
// The SDK would go to the host of the queue's URL; here the configured endpoint counts.
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

export async function handler(event: S3Event): Promise<void> {
  for (const { s3 } of event.Records) {
    const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '));
    // In their order, as an example should read.
    // oxlint-disable-next-line no-await-in-loop
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ key }) }));
  }
}
