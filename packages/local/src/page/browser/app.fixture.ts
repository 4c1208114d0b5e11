/**
 * A small app for the page to show: doors, functions, stores, and a chain through all of them.
 *
 * @module
 */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

import type { LocalApp } from '../../runner/index.ts';
import { playTemplate } from '../../runner/play.ts';

/** 10 × 10 pixels of green. */
export const PNG: Buffer<ArrayBuffer> = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs24.x
    CodeUri: .
    Timeout: 20
    Environment:
      Variables: { TABLE: !Ref Photos, WORK: !Ref Work }
Resources:
  Uploads: { Type: AWS::S3::Bucket, Properties: { BucketName: uploads } }
  Thumbnails: { Type: AWS::S3::Bucket, Properties: { BucketName: thumbnails } }
  Photos:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: photos
      AttributeDefinitions: [{ AttributeName: key, AttributeType: S }]
      KeySchema: [{ AttributeName: key, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
  Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead } }
  Work:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: work
      VisibilityTimeout: 2
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1 }
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.api
      Events:
        Echo: { Type: HttpApi, Properties: { Path: '/echo/{word}', Method: POST } }
        Any: { Type: HttpApi }
  Thumbnail:
    Type: AWS::Serverless::Function
    Properties:
      Handler: thumbnail.thumbnail
      Environment: { Variables: { OUT: !Ref Thumbnails } }
      Events:
        Uploaded: { Type: S3, Properties: { Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*' } }
  Notify:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.notify
      Events:
        Rows: { Type: DynamoDB, Properties: { Stream: !GetAtt Photos.StreamArn, StartingPosition: LATEST } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.worker
      Timeout: 2
      Events:
        Messages: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } }
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.report
      Events:
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } }
  SendTheWeeklySummaryToEverybodyInTheAlbum:
    Type: AWS::Serverless::Function
    Properties: { Handler: handler.report }
`;

/** Calls services by their JSON protocols and passes on the trace, as an SDK does, but starts sooner. */
const CALLS = `
const call = async (service: string, path: string, input: unknown, target = '') => {
  const answer = await fetch(process.env['AWS_ENDPOINT_URL_' + service] + path, {
    method: 'POST',
    headers: {
      'content-type': target === '' ? 'application/json' : 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=0',
      'x-amzn-trace-id': process.env['_X_AMZN_TRACE_ID']!,
    },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
};
const { TABLE, WORK, OUT, MENDED } = process.env;
`;

/** S3 takes requests that are signed. */
const THUMBNAIL = `${CALLS}
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
const s3 = new S3Client({ forcePathStyle: true });
export const thumbnail = async (event: any) => {
  for (const { s3: { bucket, object } } of event.Records) {
    const key = decodeURIComponent(object.key.replaceAll('+', ' '));
    await s3.send(new CopyObjectCommand({ Bucket: OUT, Key: key, CopySource: bucket.name + '/' + encodeURIComponent(key) }));
    await call('DYNAMODB', '/', { TableName: TABLE, Item: { key: { S: key }, size: { N: String(object.size) } } }, 'DynamoDB_20120810.PutItem');
    console.log('thumbnail of', key);
  }
};
`;

const HANDLER = `${CALLS}
import { existsSync } from 'node:fs';
export const api = async (event: any) => {
  console.log('asked for', event.rawPath);
  if (event.rawPath === '/throws') throw new TypeError('<b>thrown</b>');
  return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ said: event.pathParameters?.word, body: event.body, type: event.headers['content-type'] }) };
};
export const notify = async (event: any) => {
  for (const { dynamodb: { NewImage } } of event.Records) {
    const key = NewImage.key.S;
    await call('SESV2', '/v2/email/outbound-emails', {
      FromEmailAddress: 'app@example.com',
      Destination: { ToAddresses: ['owner@example.com'] },
      Content: { Simple: { Subject: { Data: 'New photo ' + key }, Body: { Html: { Data: '<h1>Hello</h1><p style="color: teal">' + key + '</p><script>top.wasRun = true</script>' }, Text: { Data: 'Hello ' + key } } } },
    });
    await call('SQS', '/', { QueueUrl: WORK, MessageBody: key }, 'AmazonSQS.SendMessage');
  }
};
export const worker = async (event: any) => {
  for (const { body } of event.Records) {
    console.log('work on', body);
    if (body === 'bad' && !existsSync(MENDED!)) throw new Error('cannot work on bad');
  }
};
export const report = async (event: any) => ({ reported: event.time });
`;

export interface ShownApp {
  readonly app: LocalApp;
  /** Puts something into everything, and lets something fail. */
  fill(): Promise<void>;
  /** From now on nothing fails in the worker. */
  mend(): void;
  stop(): Promise<void>;
}

/** Plays it from a folder of its own. */
export async function playShown(): Promise<ShownApp> {
  const folder = mkdtempSync(join(tmpdir(), 'handlersmith-shown-'));
  const mended = join(folder, 'mended');
  writeFileSync(join(folder, 'template.yaml'), TEMPLATE);
  writeFileSync(join(folder, 'handler.ts'), HANDLER);
  writeFileSync(join(folder, 'thumbnail.ts'), THUMBNAIL);
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
  const app = await playTemplate(join(folder, 'template.yaml'), {
    watch: false,
    stackName: 'shown',
    environment: { MENDED: mended },
  });
  return {
    app,
    fill: () => fill(app),
    mend: () => writeFileSync(mended, ''),
    async stop() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fill(app: LocalApp): Promise<void> {
  const { aws, journal, s3 } = app;
  await s3('PUT', '/thumbnails/green.png', { body: PNG, headers: { 'content-type': 'image/png' } });
  aws.sqs.queue('dead')?.send({ MessageBody: '{"given":"up"}' });
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  const Item = { key: { S: 'green.png' }, size: { N: '78' } };
  await Promise.all([
    dynamodb.send(new PutItemCommand({ TableName: 'photos', Item })),
    app.invoke('Api', { rawPath: '/throws' }),
  ]);
  while (!journal.entries().some((entry) => entry.function === 'Worker'))
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await app.idle();
}
