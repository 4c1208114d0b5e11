import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

const client = new S3Client({ forcePathStyle: true });

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const outcomes = await Promise.allSettled(event.Records.map((record) => work(record)));
  const failed = event.Records.filter((_, index) => outcomes[index]?.status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function work({ body }: SQSRecord): Promise<void> {
  // What enqueue.ts has sent.
  const { key } = JSON.parse(body) as { key: string };
  if (key.includes('poison')) throw new Error(`cannot work on ${key}`);
  await client.send(new PutObjectCommand({ Bucket: process.env['DONE_BUCKET'], Key: key, Body: 'done' }));
}
