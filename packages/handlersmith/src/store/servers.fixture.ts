/**
 * A real S3 and a real DynamoDB on this machine, with a bucket and the two tables of a store.
 *
 * @module
 */
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startDynamoDb, startS3 } from '@handlersmith/local';

import type { BlobStoreOptions } from './options.ts';

export interface Servers extends AsyncDisposable {
  /** Options of a store with rows by `id`. */
  readonly options: BlobStoreOptions<{ readonly id: string }>;
  /** Names of the requests that went out through the store's clients, in order. */
  readonly sent: string[];
  /** The same services, by clients that are not counted. */
  readonly inspect: Inspection;
}

/** Looking at what there is. */
export interface Inspection {
  keys(): Promise<string[]>;
  bytes(key: string): Promise<string>;
  row(id: string): Promise<Record<string, AttributeValue> | undefined>;
  rows(): Promise<Record<string, AttributeValue>[]>;
  records(): Promise<Record<string, AttributeValue>[]>;
  put(table: string, item: Record<string, AttributeValue>): Promise<void>;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
}

const BUCKET = 'photos-bucket';

/** Starts both. */
export async function startServers(): Promise<Servers> {
  const [s3Server, dynamoServer] = await Promise.all([startS3({ buckets: [BUCKET] }), startDynamoDb()]);
  const s3Config = { ...s3Server.clientConfig, maxAttempts: 1 };
  const inspectS3 = new S3Client(s3Config);
  const inspectDynamo = new DynamoDBClient(dynamoServer.clientConfig);
  await createTable(inspectDynamo, 'photos', ['id']);
  await createTable(inspectDynamo, 'writes', ['pk', 'sk']);

  const sent: string[] = [];
  const s3 = new S3Client(s3Config);
  const dynamodb = new DynamoDBClient({ ...dynamoServer.clientConfig, maxAttempts: 1 });
  for (const client of [s3, dynamodb]) {
    (client as S3Client).middlewareStack.add(
      (next, context) => (parameters) => {
        sent.push((context.commandName ?? '').replace('Command', ''));
        return next(parameters);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'counting' },
    ); // both stacks take it: it looks at neither's types
  }
  return {
    options: {
      bucket: BUCKET,
      table: 'photos',
      records: { table: 'writes' },
      rowKey: (id) => ({ id }),
      s3,
      dynamodb,
      limits: { retryDelay: 0 },
    },
    sent,
    inspect: inspection(inspectS3, inspectDynamo),
    [Symbol.asyncDispose]: async () => {
      for (const client of [s3, dynamodb, inspectS3, inspectDynamo]) client.destroy();
      await Promise.all([s3Server.close(), dynamoServer.stop()]);
    },
  };
}

async function createTable(client: DynamoDBClient, table: string, names: readonly string[]): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: names.map((name, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}

function inspection(s3: S3Client, dynamodb: DynamoDBClient): Inspection {
  const scan = async (table: string): Promise<Record<string, AttributeValue>[]> =>
    (await dynamodb.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];
  return {
    s3,
    dynamodb,
    keys: async () =>
      ((await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents ?? []).map(
        ({ Key }) => Key ?? '',
      ),
    bytes: async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    row: async (id) =>
      (
        await dynamodb.send(
          new GetItemCommand({ TableName: 'photos', Key: { id: { S: id } }, ConsistentRead: true }),
        )
      ).Item,
    rows: () => scan('photos'),
    records: () => scan('writes'),
    put: async (table, item) => {
      await dynamodb.send(new PutItemCommand({ TableName: table, Item: item }));
    },
  };
}
