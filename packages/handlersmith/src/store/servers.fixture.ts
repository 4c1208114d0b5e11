/**
 * A real S3 and a real DynamoDB on this machine, with a bucket and the two tables of a store.
 *
 * @module
 */
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startDynamoDb, startS3 } from '@handlersmith/local';

import { writeName } from './names.ts';
import type { BlobStoreOptions } from './options.ts';

export interface Servers extends AsyncDisposable {
  /** Options of a store with rows by `id`. */
  readonly options: BlobStoreOptions<{ readonly id: string }>;
  /** Names of the requests that went out through the store's clients, in order. */
  readonly sent: string[];
  /** What becomes of the next requests: one function for each, the rest go through. Emptied by {@link Servers.reset}. */
  readonly faults: Fault[];
  /** Forgets what was sent, and all faults. */
  reset(): void;
  /** The same services, by clients that are not counted. */
  readonly inspect: Inspection;
}

/**
 * What becomes of one request. After signing and inside the SDK's own tries, where a network would do it.
 *
 * @param send - lets the request through
 */
export type Fault = (name: string, send: () => Promise<unknown>) => Promise<unknown>;

/** An error as the SDK makes it. */
export function serviceError(name: string, status: number, more: object = {}): Error {
  return Object.assign(new Error(name), {
    name,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status },
    ...more,
  });
}

/** The request takes effect, and its answer is lost. */
export const lostAnswer: Fault = async (_name, send) => {
  await send();
  throw serviceError('TimeoutError', 0);
};

/** The request never arrives. */
export const notSent: Fault = () => Promise.reject(serviceError('TimeoutError', 0));

/** All is well. */
export const passes: Fault = (_name, send) => send();

/** The request is refused. */
export function refusedWith(name: string, status: number, more?: object): Fault {
  return () => Promise.reject(serviceError(name, status, more));
}

/** Looking at what there is. */
export interface Inspection {
  keys(): Promise<string[]>;
  bytes(key: string): Promise<string>;
  row(id: string): Promise<Record<string, AttributeValue> | undefined>;
  rows(): Promise<Record<string, AttributeValue>[]>;
  records(): Promise<Record<string, AttributeValue>[]>;
  /** The name of a write, by the caller's own words. */
  nameOf(scope: string, idempotencyKey: string): string;
  /** Does what the sweep does to a write before it deletes its blob. */
  fence(write: string, generation: number): Promise<void>;
  /** Lets the record of a write expire. */
  forget(write: string): Promise<void>;
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
  const faults: Fault[] = [];
  const s3 = new S3Client(s3Config);
  const dynamodb = new DynamoDBClient({ ...dynamoServer.clientConfig, maxAttempts: 1 });
  for (const client of [s3, dynamodb]) {
    (client as S3Client).middlewareStack.add(
      (next, context) => (parameters) => {
        const name = (context.commandName ?? '').replace('Command', '');
        sent.push(name);
        const fault = faults.shift() ?? passes;
        return fault(name, () => next(parameters)) as ReturnType<typeof next>; // a fault gives what it was given
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
    faults,
    reset: () => {
      sent.length = 0;
      faults.length = 0;
    },
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

function recordOfWrite(write: string): Record<string, AttributeValue> {
  return { pk: { S: `write#${write}` }, sk: { S: 'record' } };
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
    nameOf: writeName,
    fence: async (write, generation) => {
      await dynamodb.send(
        new PutItemCommand({
          TableName: 'writes',
          Item: { ...recordOfWrite(write), state: { S: 'F' }, generation: { N: String(generation) } },
        }),
      );
    },
    forget: async (write) => {
      await dynamodb.send(new DeleteItemCommand({ TableName: 'writes', Key: recordOfWrite(write) }));
    },
    put: async (table, item) => {
      await dynamodb.send(new PutItemCommand({ TableName: table, Item: item }));
    },
  };
}
