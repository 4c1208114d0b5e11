import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { playTemplate } from '@handlersmith/local';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { temporaryFolder, until } from '../play.fixture.ts';
import { processesWith, startRunner } from './runner.fixture.ts';
import type { Runner, Where } from './runner.fixture.ts';

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
  Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work } }
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { Name: clicks, ShardCount: 1 } }
  Rows: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: rows } }
  Slow:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: handler.slow, Timeout: 30, Events: { Any: { Type: HttpApi } } }
`;

let folder: string;
let template: string;
let runners: Runner[];
beforeEach(() => {
  folder = temporaryFolder();
  template = join(folder, 'template.yaml');
  writeFileSync(template, TEMPLATE);
  writeFileSync(
    join(folder, 'handler.ts'),
    'export const slow = () => new Promise((resolve) => setTimeout(resolve, 20_000, { statusCode: 200 }));',
  );
  runners = [];
});
afterEach(async () => {
  for (const runner of runners) runner.kill('SIGKILL');
  await Promise.all(runners.map(({ ended }) => ended));
});

async function start(options: Parameters<typeof startRunner>[2] = {}): Promise<Runner> {
  const runner = await startRunner(template, folder, options);
  runners.push(runner);
  return runner;
}

function clientsOf(where: Where): {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly kinesis: KinesisClient;
} {
  const common = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    dynamodb: new DynamoDBClient({ ...common, endpoint: where.dynamodb }),
    s3: new S3Client({ ...common, endpoint: where.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: where.sqs }),
    kinesis: new KinesisClient({ ...common, endpoint: where.kinesis }),
  };
}

/** What was acknowledged, by service. */
interface Acknowledged {
  readonly objects: string[];
  readonly messages: string[];
  readonly rows: string[];
  readonly records: string[];
}

/** Writes as fast as it is answered; gives the error that ended it. */
async function untilRefused(list: string[], write: (name: string) => Promise<unknown>): Promise<string> {
  for (let index = 0; ; index += 1) {
    const name = `n${index}`;
    try {
      // As fast as it answers, no faster.
      // oxlint-disable-next-line no-await-in-loop
      await write(name);
      list.push(name);
    } catch (error) {
      return String(error);
    }
  }
}

interface WriteOptions {
  /** Characters. */
  readonly size?: number;
  readonly only?: readonly (keyof Acknowledged)[];
}

/** Writes to services, each as fast as it answers, until they refuse. Says what was acknowledged. */
function writeUntilRefused(
  where: Where,
  { size = 1, only = ['objects', 'messages', 'rows', 'records'] }: WriteOptions = {},
): { written: Acknowledged; refused: Promise<string[]> } {
  const { dynamodb, s3, sqs, kinesis } = clientsOf(where);
  const filling = 'x'.repeat(size);
  const written: Acknowledged = { objects: [], messages: [], rows: [], records: [] };
  const writes: Readonly<Record<keyof Acknowledged, (name: string) => Promise<unknown>>> = {
    objects: (Key) => s3.send(new PutObjectCommand({ Bucket: 'files', Key, Body: filling })),
    messages: (name) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: `${where.sqs}/000000000000/work`,
          MessageBody: `${name} ${filling}`,
        }),
      ),
    rows: (name) =>
      dynamodb.send(
        new PutItemCommand({ TableName: 'rows', Item: { id: { S: name }, filling: { S: filling } } }),
      ),
    records: (name) =>
      kinesis.send(
        new PutRecordCommand({
          StreamName: 'clicks',
          PartitionKey: 'k',
          Data: Buffer.from(`${name} ${filling}`),
        }),
      ),
  };
  const refused = Promise.all(only.map((service) => untilRefused(written[service], writes[service])));
  return { written, refused };
}

/** Plays the template anew on the folder and looks for everything. */
async function expectKept(data: string, { objects, messages, rows, records }: Acknowledged): Promise<void> {
  await using app = await playTemplate(template, { folder: data, watch: false });
  const where = {
    urls: {},
    dynamodb: app.aws.dynamodb.endpoint,
    s3: app.aws.s3.endpoint,
    sqs: app.aws.sqs.endpoint,
    kinesis: app.aws.kinesis.endpoint,
  };
  const { dynamodb, s3, kinesis } = clientsOf(where);
  const found = await Promise.allSettled(
    objects.map((Key) => s3.send(new GetObjectCommand({ Bucket: 'files', Key }))),
  );
  expect(found.filter(({ status }) => status === 'rejected')).toEqual([]);
  const bodies = new Set(
    app.aws.sqs
      .queue('work')
      ?.messages()
      .map(({ body }) => body.split(' ')[0]),
  );
  expect(messages.filter((name) => !bodies.has(name))).toEqual([]);
  const items = await Promise.all(
    rows.map(async (name) => {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: 'rows', Key: { id: { S: name } }, ConsistentRead: true }),
      );
      return Item?.['id']?.S;
    }),
  );
  expect(items).toEqual(rows);
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'clicks' }));
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 'clicks',
      ShardId: Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  const kept = new Set(
    Records.map(({ Data = new Uint8Array() }) => Buffer.from(Data).toString().split(' ')[0]),
  );
  expect(records.filter((name) => !kept.has(name))).toEqual([]);
}

describe('a runner that is ended', () => {
  test.each([
    ['SIGINT', 'SIGINT'],
    ['SIGKILL', 'SIGKILL'],
    ['SIGTERM', 0],
  ] as const)('by %s in the middle of invocations leaves nothing running', async (signal, expected) => {
    const runner = await start({ folder: join(folder, 'data') });
    const [url = ''] = Object.values(runner.where.urls);
    const asked = [1, 2, 3].map(() => fetch(url).catch(() => undefined));
    // The runner, DynamoDB with its watcher, and three functions with theirs.
    await until(() => processesWith(folder).length >= 6, 'the functions');
    runner.kill(signal);
    expect(await runner.ended).toBe(expected);
    await until(() => processesWith(folder).length === 0, 'the end of all');
    expect(processesWith(folder)).toEqual([]);
    await Promise.all(asked);
  });

  test('by SIGKILL under load has kept all that it acknowledged', async () => {
    const data = join(folder, 'data');
    const runner = await start({ folder: data });
    const { written, refused } = writeUntilRefused(runner.where);
    const isEnough = (): boolean => Object.values(written).every(({ length }) => length > 20);
    await until(isEnough, 'enough of everything');
    runner.kill('SIGKILL');
    await Promise.all([refused, runner.ended]);
    await until(() => processesWith(data).length === 0, 'the end of DynamoDB');
    expect(isEnough()).toBe(true);
    await expectKept(data, written);
  });
});

describe('two runners at once', () => {
  test('of one template in memory do not know of each other', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    await clientsOf(first.where).s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' }));
    await expect(
      clientsOf(second.where).s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'a' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('of one data folder: the second says who has it, and the first goes on', async () => {
    const data = join(folder, 'data');
    const first = await start({ folder: data });
    await expect(start({ folder: data })).rejects.toThrow(/data folder is in use by process \d+/u);
    const { s3 } = clientsOf(first.where);
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' }));
  });
});

test('a template with errors: each with its line, and nothing was started', async () => {
  writeFileSync(
    template,
    TEMPLATE.replace('Timeout: 30', 'Timeout: 901').replace('ShardCount: 1', 'ShardCount: 0'),
  );
  const failed = start();
  await expect(failed).rejects.toThrow(/template\.yaml:5: .*ShardCount/u);
  await expect(failed).rejects.toThrow(/template\.yaml:9: .*Timeout/u);
  expect(processesWith(folder)).toEqual([]);
});

describe('a full disk', () => {
  /** A disk of its own that ends with the process; who is not root needs leave to be root among its own. */
  const ownDisks = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

  test('is told to whoever writes; what was acknowledged stays, and room is used again', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const runner = await start({
      folder: data,
      within: ownDisks,
      before: `mount -t tmpfs -o size=8m tmpfs '${data}'`,
    });
    const { written, refused } = writeUntilRefused(runner.where, { size: 50_000 });
    for (const error of await refused) expect(error).toMatch(/no space left|disk is full/iu);
    const { s3 } = clientsOf(runner.where);
    // It still answers, and takes what there is room for.
    const object = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'n0' }));
    expect((await object.Body?.transformToByteArray())?.length).toBe(50_000);
    const [, ...others] = written.objects.splice(0, 10);
    await Promise.all(others.map((Key) => s3.send(new DeleteObjectCommand({ Bucket: 'files', Key }))));
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'n0', Body: 'small' }));
    // Somewhere with room to look at it; the small disk is gone with the runner.
    const copy = join(folder, 'copy');
    cpSync(runner.seenFromHere(data), copy, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(0);
    await expectKept(copy, { ...written, objects: ['n0', ...written.objects] });
  });

  test('as a limit on files says it: what was acknowledged is there when the limit is gone', async () => {
    const data = join(folder, 'data');
    const runner = await start({ folder: data, before: 'ulimit -f 2048' });
    const { written, refused } = writeUntilRefused(runner.where, {
      size: 50_000,
      only: ['messages', 'records'],
    });
    for (const error of await refused) expect(error).toMatch(/file too large/iu);
    expect((await fetch(runner.where.sqs)).status).toBeGreaterThan(0);
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(0);
    await expectKept(data, written);
  });
});
