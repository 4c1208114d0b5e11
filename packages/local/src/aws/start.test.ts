import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startAws } from './start.ts';
import type { LocalAws } from './start.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-aws-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Processes whose parent is this one. */
function children(): string {
  return spawnSync('pgrep', ['-P', String(process.pid), '-f', 'dynoxide|DynamoDBLocal']).stdout.toString();
}

test('clients with nothing but the environment come here', async () => {
  await using aws = await startAws({ region: 'eu-central-1' });
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  // Each finds region, credentials and endpoint by itself.
  const dynamodb = new DynamoDBClient();
  const s3 = new S3Client({ forcePathStyle: true });
  const sqs = new SQSClient();
  const sns = new SNSClient();
  const ses = new SESv2Client();
  const kinesis = new KinesisClient();
  expect((await dynamodb.send(new ListTablesCommand())).TableNames).toEqual([]);
  expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'here' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  expect(
    aws.sqs
      .queue('here')
      ?.messages()
      .map(({ body }) => body),
  ).toEqual(['hello']);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
  expect(TopicArn).toBe('arn:aws:sns:eu-central-1:000000000000:news');
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com'] },
      Content: { Simple: { Subject: { Data: 'Hi' }, Body: { Text: { Data: 'there' } } } },
    }),
  );
  expect(aws.ses.mails().map(({ subject }) => subject)).toEqual(['Hi']);
  expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([]);
  for (const client of [dynamodb, s3, sqs, sns, ses, kinesis]) client.destroy();
});

test('everything listens on loopback, and nothing is left when it is closed', async () => {
  const aws = await startAws();
  const endpoints = [aws.dynamodb, aws.s3, aws.sqs, aws.sns, aws.ses, aws.kinesis].map(
    ({ endpoint }) => endpoint,
  );
  expect(endpoints).toEqual(endpoints.map(() => expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u)));
  expect(new Set(endpoints).size).toBe(6);
  await aws.close();
  await aws.close();
  const answers = await Promise.allSettled(endpoints.map((endpoint) => fetch(endpoint)));
  expect(answers.map(({ status }) => status)).toEqual(endpoints.map(() => 'rejected'));
  expect(children()).toBe('');
});

test('where one does not start, the others end', async () => {
  // A file where S3 wants its folder.
  writeFileSync(join(folder, 's3'), 'in the way');
  await expect(startAws({ folder })).rejects.toThrow(/s3/u);
  expect(children()).toBe('');
  // The locks are given back too.
  rmSync(join(folder, 's3'));
  await (await startAws({ folder })).close();
});

test('two at once share no data folder, and the second says who has it', async () => {
  await using first = await startAws({ folder });
  await expect(startAws({ folder })).rejects.toThrow(new RegExp(`in use by process ${process.pid}`, 'u'));
  // The first one lives on.
  expect((await fetch(first.sqs.endpoint)).status).toBeGreaterThan(0);
});

/** Something in each service that a folder keeps. */
async function fill(aws: LocalAws): Promise<void> {
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const s3 = new S3Client(aws.s3.clientConfig);
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' }));
  const sqs = new SQSClient(aws.sqs.clientConfig);
  await sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  const sns = new SNSClient(aws.sns.clientConfig);
  await sns.send(new CreateTopicCommand({ Name: 'news' }));
  const kinesis = new KinesisClient(aws.kinesis.clientConfig);
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }));
  for (const client of [dynamodb, s3, sqs, sns, kinesis]) client.destroy();
}

test('a folder keeps all of it', async () => {
  const made = await startAws({ folder, buckets: ['files'] });
  await fill(made);
  await made.close();
  expect(readdirSync(folder)).toContain('dynamodb.db');

  await using aws = await startAws({ folder });
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  const s3 = new S3Client(aws.s3.clientConfig);
  const sqs = new SQSClient(aws.sqs.clientConfig);
  const sns = new SNSClient(aws.sns.clientConfig);
  const kinesis = new KinesisClient(aws.kinesis.clientConfig);
  expect((await dynamodb.send(new ListTablesCommand())).TableNames).toEqual(['rows']);
  expect((await s3.send(new ListBucketsCommand())).Buckets?.map(({ Name }) => Name)).toEqual(['files']);
  expect((await sqs.send(new ListQueuesCommand())).QueueUrls).toEqual([aws.sqs.queueUrl('work')]);
  expect((await sns.send(new ListTopicsCommand())).Topics?.length).toBe(1);
  expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(['clicks']);
  for (const client of [dynamodb, s3, sqs, sns, kinesis]) client.destroy();
});

test('two without a folder do not know of each other', async () => {
  await using first = await startAws({ buckets: ['mine'] });
  await using second = await startAws();
  const client = new S3Client(second.s3.clientConfig);
  expect((await client.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
  client.destroy();
  expect(first.s3.endpoint).not.toBe(second.s3.endpoint);
});
