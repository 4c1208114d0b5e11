/**
 * Looks into the servers, past the app: what it says of itself is not what counts.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JournalEntry, LocalApp, LocalQueue, SentMail } from '@handlersmith/local';

/** An object in the bucket. */
export interface Listed {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

export interface Look {
  readonly bucket: string;
  readonly photosTable: string;
  readonly recordsTable: string;
  objects(prefix: string): Promise<Listed[]>;
  bytes(key: string): Promise<Uint8Array>;
  put(key: string, body: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
  rows(): Promise<Record<string, unknown>[]>;
  row(id: string): Promise<Record<string, unknown> | undefined>;
  /** Takes an attribute off a row. */
  strip(id: string, attribute: string): Promise<void>;
  /** Records of writes that were committed. */
  writes(): Promise<number>;
  queue(id: string): LocalQueue;
  mails(): readonly SentMail[];
  /** Invocations of a function that have ended, the oldest first. */
  ended(id: string): readonly Required<JournalEntry>[];
  close(): void;
}

export function lookInto(local: LocalApp): Look {
  const { aws, app, journal } = local;
  const s3 = new S3Client(aws.s3.clientConfig);
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const bucket = named(app.buckets, 'Album');
  const photosTable = named(app.tables, 'Photos');
  const recordsTable = named(app.tables, 'Records');
  const scan = async (TableName: string): Promise<Record<string, unknown>[]> =>
    (await documents.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];

  return {
    bucket,
    photosTable,
    recordsTable,
    async objects(prefix) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key = '', Size = 0, LastModified = new Date(0) }) => ({
        key: Key,
        size: Size,
        modifiedAt: LastModified,
      }));
    },
    async bytes(key) {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await body?.transformToByteArray()) ?? new Uint8Array();
    },
    async put(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    async remove(key) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    rows: () => scan(photosTable),
    async row(id) {
      const get = new GetCommand({ TableName: photosTable, Key: { id }, ConsistentRead: true });
      return (await documents.send(get)).Item;
    },
    async strip(id, attribute) {
      await documents.send(
        new UpdateCommand({
          TableName: photosTable,
          Key: { id },
          UpdateExpression: 'REMOVE #attribute',
          ExpressionAttributeNames: { '#attribute': attribute },
        }),
      );
    },
    async writes() {
      return (await scan(recordsTable)).filter(({ pk }) => String(pk).startsWith('write#')).length;
    },
    queue(id) {
      const queue = aws.sqs.queue(named(app.queues, id));
      if (queue === undefined) throw new Error(`There is no queue ${id}`);
      return queue;
    },
    mails: () => aws.ses.mails(),
    ended: (id) =>
      journal
        .entries()
        .filter(
          (entry): entry is Required<JournalEntry> => entry.function === id && entry.result !== undefined,
        ),
    close() {
      s3.destroy();
      dynamodb.destroy();
    },
  };
}

/** SHA-256 in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function named(declared: readonly { readonly id: string; readonly name: string }[], id: string): string {
  const found = declared.find((one) => one.id === id);
  if (found === undefined) throw new Error(`The template declares no ${id}`);
  return found.name;
}
