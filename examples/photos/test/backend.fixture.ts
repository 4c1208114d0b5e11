/**
 * Servers with what the template declares, and its variables in this process: handlers find both as in Lambda.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type App, type LocalAws, readTemplate, startAws } from '@handlersmith/local';

export const TEMPLATE = fileURLToPath(new URL('../template.yaml', import.meta.url));

export interface Backend extends AsyncDisposable {
  readonly aws: LocalAws;
  readonly app: App;
  readonly bucket: string;
}

/** Call it before a handler is imported. */
export async function startBackend(): Promise<Backend> {
  const aws = await startAws();
  const app = await readTemplate(TEMPLATE, { queueEndpoint: aws.sqs.endpoint });
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  const s3 = new S3Client(aws.s3.clientConfig);
  const sqs = new SQSClient(aws.sqs.clientConfig);
  const bucket = app.buckets[0]?.name ?? '';
  await Promise.all([
    // What CreateTable takes, as the reader of templates says.
    ...app.tables.map(({ create }) => dynamodb.send(new CreateTableCommand(create as never))),
    s3.send(new CreateBucketCommand({ Bucket: bucket })),
    sqs.send(
      new CreateQueueCommand({ QueueName: app.queues.find(({ id }) => id === 'Thumbnails')?.name ?? '' }),
    ),
  ]);
  for (const client of [dynamodb, s3, sqs]) client.destroy();
  Object.assign(process.env, ...app.functions.map(({ environment }) => environment), aws.environment, {
    NODE_OPTIONS: '',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_LAMBDA_FUNCTION_NAME: 'photos-test',
  });
  return { aws, app, bucket, [Symbol.asyncDispose]: () => aws.close() };
}
