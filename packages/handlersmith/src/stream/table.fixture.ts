/**
 * A table with a stream, on a real DynamoDB API.
 *
 * @module
 */
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { marshall } from '@aws-sdk/util-dynamodb';
import { startDynamoDb } from '@handlersmith/local';
import type { DynamoDBRecord } from 'aws-lambda';

import { type Page, shardReaderOf } from './shard.ts';

/** A record and where it lies. */
export interface StreamedRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly record: DynamoDBRecord;
}

/** A table that is there until it is stopped. */
export interface LiveTable {
  readonly streamArn: string;
  readonly streams: DynamoDBStreamsClient;
  put(item: Record<string, unknown>): Promise<void>;
  remove(id: string): Promise<void>;
  /** All records there are, shard by shard. */
  read(): Promise<StreamedRecord[]>;
  stop(): Promise<void>;
}

const TableName = 'items';

export async function startTable(): Promise<LiveTable> {
  const server = await startDynamoDb();
  const client = new DynamoDBClient(server.clientConfig);
  const streams = new DynamoDBStreamsClient(server.clientConfig);
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const streamArn = TableDescription?.LatestStreamArn ?? '';
  return {
    streamArn,
    streams,
    put: async (item) => {
      await client.send(new PutItemCommand({ TableName, Item: marshall(item) }));
    },
    remove: async (id) => {
      await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
    },
    read: () => readAll(streams, streamArn),
    stop: async () => {
      client.destroy();
      streams.destroy();
      await server.stop();
    },
  };
}

async function readAll(streams: DynamoDBStreamsClient, streamArn: string): Promise<StreamedRecord[]> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const all: StreamedRecord[] = [];
  // Shard by shard and page by page, as they are read in Lambda too.
  // oxlint-disable no-await-in-loop
  for (const { ShardId: shardId = '', SequenceNumberRange } of StreamDescription?.Shards ?? []) {
    const reader = await shardReaderOf(
      'dynamodb',
      {
        ...batchOf(streamArn, shardId),
        startSequenceNumber: SequenceNumberRange?.StartingSequenceNumber ?? '',
      },
      { client: streams },
    );
    let page: Page | undefined = await reader.first();
    while (page !== undefined && page.records.length > 0) {
      for (const { sequenceNumber, record } of page.records)
        all.push({ shardId, sequenceNumber, record: record as DynamoDBRecord }); // what the reader makes of a DynamoDB stream
      page = await page.next();
    }
  }
  // oxlint-enable no-await-in-loop
  return all;
}

function batchOf(streamArn: string, shardId: string): Parameters<typeof shardReaderOf>[1] {
  return {
    streamArn,
    shardId,
    startSequenceNumber: '',
    endSequenceNumber: '',
    approximateArrivalOfFirstRecord: '',
    approximateArrivalOfLastRecord: '',
    batchSize: 0,
  };
}
