/**
 * Reading a Kinesis data stream.
 *
 * @module
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
 */
import { isRecord } from './answer.ts';
import { ServiceError } from './call.ts';
import type { ServiceCall } from './call.ts';
import type { ShardRecord } from './shard.ts';
import type { StreamReader } from './stream.ts';

export interface KinesisReaderOptions {
  readonly kinesis: ServiceCall;
  readonly streamName: string;
  readonly sourceArn: string;
  readonly region: string;
  readonly accountId: string;
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
}

export function kinesisReader(options: KinesisReaderOptions): StreamReader {
  const { kinesis, streamName, startingPosition } = options;
  return {
    async shards() {
      const answer = await kinesis('ListShards', { StreamName: streamName });
      const shards = Array.isArray(answer['Shards']) ? answer['Shards'] : [];
      return shards.filter(isRecord).map((shard) => ({
        id: String(shard['ShardId']),
        parents: [shard['ParentShardId'], shard['AdjacentParentShardId']].filter(
          (parent) => typeof parent === 'string',
        ),
      }));
    },
    async iterator(shardId, from) {
      const isLatest = from === 'starting position' && startingPosition === 'LATEST';
      const position =
        typeof from === 'object'
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: from.after }
          : { ShardIteratorType: isLatest ? 'LATEST' : 'TRIM_HORIZON' };
      const answer = await kinesis('GetShardIterator', {
        StreamName: streamName,
        ShardId: shardId,
        ...position,
      });
      return `${shardId}\n${String(answer['ShardIterator'])}`;
    },
    async read(iterator, limit) {
      // The shard's id stands before its iterator: records name it, answers do not.
      const [shardId = '', place] = iterator.split('\n');
      const answer = await kinesis('GetRecords', { ShardIterator: place, Limit: Math.min(limit, 10_000) });
      const records = Array.isArray(answer['Records']) ? answer['Records'].filter(isRecord) : [];
      const next = answer['NextShardIterator'];
      return {
        records: records.map((record) => readRecord(record, shardId, options)),
        next: typeof next === 'string' ? `${shardId}\n${next}` : undefined,
      };
    },
    isExpired: (error) => error instanceof ServiceError && error.code === 'ExpiredIteratorException',
  };
}

function readRecord(
  record: Record<string, unknown>,
  shardId: string,
  { region, accountId, sourceArn }: KinesisReaderOptions,
): ShardRecord {
  const sequenceNumber = String(record['SequenceNumber']);
  const seconds = Number(record['ApproximateArrivalTimestamp']);
  return {
    sequenceNumber,
    key: String(record['PartitionKey']),
    arrivedAt: seconds * 1000,
    trace: undefined,
    record: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: record['PartitionKey'],
        sequenceNumber,
        data: record['Data'],
        approximateArrivalTimestamp: seconds,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${accountId}:role/local`,
      awsRegion: region,
      eventSourceARN: sourceArn,
    },
  };
}
