/**
 * Kinesis' operations.
 *
 * @module
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html
 */
import { invalidArgument, KinesisError, validation } from './errors.ts';
import { nameOf, objectOf, textOf, wholeOf } from './input.ts';
import type { Input } from './input.ts';
import type { KinesisShard, KinesisStore, KinesisStream } from './store.ts';

/** Bytes of a record with its key, and of all records of one request. */
const RECORD_LIMIT = 10 * 1024 * 1024;
const REQUEST_LIMIT = 10 * 1024 * 1024;

export interface Kinesis {
  readonly store: KinesisStore;
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
}

interface Operation {
  readonly parameters: readonly string[];
  readonly run: (kinesis: Kinesis, input: Input) => object;
}

const NAMED = ['StreamName', 'StreamARN', 'StreamId'];

export const operations: Readonly<Record<string, Operation>> = {
  CreateStream: {
    parameters: ['StreamName', 'ShardCount', 'StreamModeDetails', 'Tags'],
    run({ store }, input) {
      const name = textOf(input, 'StreamName');
      if (!/^[\w.-]{1,128}$/u.test(name))
        throw validation(`StreamName ${JSON.stringify(name)} is not valid.`);
      store.create(name, input['ShardCount'] === undefined ? 4 : wholeOf(input, 'ShardCount', 1, 1_000));
      return {};
    },
  },
  DeleteStream: {
    parameters: [...NAMED, 'EnforceConsumerDeletion'],
    run({ store }, input) {
      store.delete(nameOf(input));
      return {};
    },
  },
  ListStreams: {
    parameters: ['Limit', 'ExclusiveStartStreamName', 'NextToken'],
    run: ({ store }) => ({ StreamNames: store.names(), HasMoreStreams: false }),
  },
  DescribeStream: {
    parameters: [...NAMED, 'Limit', 'ExclusiveStartShardId'],
    run(kinesis, input) {
      const stream = kinesis.store.stream(nameOf(input));
      return {
        StreamDescription: {
          ...described(kinesis, stream),
          Shards: stream.shards.map(shardOf),
          HasMoreShards: false,
        },
      };
    },
  },
  DescribeStreamSummary: {
    parameters: NAMED,
    run(kinesis, input) {
      const stream = kinesis.store.stream(nameOf(input));
      return {
        StreamDescriptionSummary: {
          ...described(kinesis, stream),
          OpenShardCount: stream.shards.length,
          ConsumerCount: 0,
        },
      };
    },
  },
  ListShards: {
    parameters: [...NAMED, 'MaxResults', 'StreamCreationTimestamp'],
    run: ({ store }, input) => ({ Shards: store.stream(nameOf(input)).shards.map(shardOf) }),
  },
  PutRecord: {
    parameters: [...NAMED, 'Data', 'PartitionKey', 'ExplicitHashKey', 'SequenceNumberForOrdering'],
    run({ store }, input) {
      const [put] = store.put(nameOf(input), [entryOf(input)]);
      return { ShardId: put?.shardId, SequenceNumber: put?.sequenceNumber };
    },
  },
  PutRecords: {
    parameters: [...NAMED, 'Records'],
    run({ store }, input) {
      const records = input['Records'];
      if (!Array.isArray(records) || records.length === 0 || records.length > 500)
        throw validation('Records holds 1 to 500 records.');
      const entries = records.map((record: unknown) => entryOf(objectOf(record)));
      if (entries.reduce((sum, { size }) => sum + size, 0) > REQUEST_LIMIT)
        throw invalidArgument(`Records size exceeds ${REQUEST_LIMIT} bytes.`);
      const put = store.put(nameOf(input), entries);
      return {
        FailedRecordCount: 0,
        Records: put.map(({ shardId, sequenceNumber }) => ({
          ShardId: shardId,
          SequenceNumber: sequenceNumber,
        })),
      };
    },
  },
  GetShardIterator: {
    parameters: [...NAMED, 'ShardId', 'ShardIteratorType', 'StartingSequenceNumber', 'Timestamp'],
    run({ store, now }, input) {
      const name = nameOf(input);
      const shard = findShard(store.stream(name), textOf(input, 'ShardId'));
      return {
        ShardIterator: iteratorOf({ stream: name, shard: shard.id, after: startOf(shard, input), at: now() }),
      };
    },
  },
  GetRecords: {
    parameters: ['ShardIterator', 'Limit', 'StreamARN', 'StreamId'],
    run({ store, now }, input) {
      const place = placeOf(textOf(input, 'ShardIterator'));
      if (now() - place.at > 300_000)
        throw new KinesisError('ExpiredIteratorException', 'Iterator expired after 300 seconds.');
      const { records } = findShard(store.stream(place.stream), place.shard);
      const limit = input['Limit'] === undefined ? 10_000 : wholeOf(input, 'Limit', 1, 10_000);
      const first = records.findIndex(({ sequenceNumber }) => sequenceNumber > place.after);
      const read = first < 0 ? [] : records.slice(first, first + limit);
      const last = read.at(-1);
      const newest = records.at(-1);
      return {
        Records: read.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
          SequenceNumber: sequenceNumber,
          PartitionKey: partitionKey,
          Data: data,
          ApproximateArrivalTimestamp: arrivedAt / 1000,
        })),
        NextShardIterator: iteratorOf({ ...place, after: last?.sequenceNumber ?? place.after, at: now() }),
        MillisBehindLatest: last === undefined || newest === last ? 0 : now() - last.arrivedAt,
      };
    },
  },
};

/** The sequence number after which reading starts. */
function startOf(shard: KinesisShard, input: Input): string {
  const type = textOf(input, 'ShardIteratorType');
  const { records, startsAt } = shard;
  const before = (index: number): string =>
    index <= 0 ? startsAt.slice(0, -1) : (records[index - 1]?.sequenceNumber ?? startsAt);
  if (type === 'TRIM_HORIZON') return before(0);
  if (type === 'LATEST') return records.at(-1)?.sequenceNumber ?? before(0);
  if (type === 'AFTER_SEQUENCE_NUMBER') return textOf(input, 'StartingSequenceNumber');
  if (type === 'AT_SEQUENCE_NUMBER') {
    const number = textOf(input, 'StartingSequenceNumber');
    const index = records.findIndex(({ sequenceNumber }) => sequenceNumber >= number);
    return index < 0 ? (records.at(-1)?.sequenceNumber ?? before(0)) : before(index);
  }
  if (type === 'AT_TIMESTAMP') {
    const time = Number(input['Timestamp']) * 1000;
    const index = records.findIndex(({ arrivedAt }) => arrivedAt >= time);
    return index < 0 ? (records.at(-1)?.sequenceNumber ?? before(0)) : before(index);
  }
  throw validation(`ShardIteratorType ${type} is none.`);
}

interface IteratorPlace {
  readonly stream: string;
  readonly shard: string;
  readonly after: string;
  readonly at: number;
}

function iteratorOf(place: IteratorPlace): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

function placeOf(iterator: string): IteratorPlace {
  try {
    const place = objectOf(JSON.parse(Buffer.from(iterator, 'base64').toString()) as unknown);
    return {
      stream: textOf(place, 'stream'),
      shard: textOf(place, 'shard'),
      after: textOf(place, 'after'),
      at: Number(place['at']),
    };
  } catch {
    throw invalidArgument('Invalid ShardIterator.');
  }
}

function entryOf(input: Input): {
  partitionKey: string;
  data: string;
  hashKey: bigint | undefined;
  size: number;
} {
  const partitionKey = textOf(input, 'PartitionKey');
  const data = input['Data'];
  if (partitionKey.length === 0 || partitionKey.length > 256)
    throw validation('PartitionKey has 1 to 256 characters.');
  if (typeof data !== 'string') throw validation('Data is missing.');
  const size = Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
  if (size > RECORD_LIMIT) throw validation(`Data and PartitionKey exceed ${RECORD_LIMIT} bytes.`);
  const hashKey = input['ExplicitHashKey'];
  if (hashKey === undefined) return { partitionKey, data, hashKey: undefined, size };
  if (typeof hashKey !== 'string' || !/^\d+$/u.test(hashKey))
    throw invalidArgument('ExplicitHashKey is no number.');
  return { partitionKey, data, hashKey: BigInt(hashKey), size };
}

function described({ region, accountId }: Kinesis, { name, createdAt }: KinesisStream): object {
  return {
    StreamName: name,
    StreamARN: `arn:aws:kinesis:${region}:${accountId}:stream/${name}`,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function shardOf({ id, from, to, startsAt }: KinesisShard): object {
  return {
    ShardId: id,
    HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
    SequenceNumberRange: { StartingSequenceNumber: startsAt },
  };
}

function findShard(stream: KinesisStream, id: string): KinesisShard {
  const shard = stream.shards.find((one) => one.id === id);
  if (shard === undefined)
    throw new KinesisError(
      'ResourceNotFoundException',
      `Shard ${id} in stream ${stream.name} does not exist.`,
    );
  return shard;
}
