/**
 * Reading the stream of a DynamoDB table.
 *
 * @module
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 */
import type { Clock } from '../clock/clock.ts';
import { isRecord } from './answer.ts';
import { ServiceError } from './call.ts';
import type { ServiceCall } from './call.ts';
import type { ShardRecord } from './shard.ts';
import type { StreamReader } from './stream.ts';

export interface TableReaderOptions {
  readonly streams: ServiceCall;
  /** ARN as the stream's server knows it. */
  readonly streamArn: string;
  /** ARN as the template knows it, which events have. */
  readonly sourceArn: string;
  readonly region: string;
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  /** The time of the app; the stream's server knows the machine's alone. */
  readonly clock: Pick<Clock, 'now'>;
  /** Trace header of the request that wrote an item, where that is known. */
  readonly traceOf?: (keys: unknown) => string | undefined;
  /** Whether an item was deleted because its time was over, where that is known. */
  readonly isExpired?: (keys: unknown) => boolean;
}

export function tableReader(options: TableReaderOptions): StreamReader {
  const { streams, streamArn, startingPosition } = options;
  return {
    async shards() {
      const { StreamDescription: description } = await streams('DescribeStream', { StreamArn: streamArn });
      const shards =
        isRecord(description) && Array.isArray(description['Shards']) ? description['Shards'] : [];
      return shards.filter(isRecord).map((shard) => ({
        id: String(shard['ShardId']),
        parents: typeof shard['ParentShardId'] === 'string' ? [shard['ParentShardId']] : [],
      }));
    },
    async iterator(shardId, from) {
      const get = async (position: object): Promise<string> => {
        const shard = { StreamArn: streamArn, ShardId: shardId };
        return String((await streams('GetShardIterator', { ...shard, ...position }))['ShardIterator']);
      };
      const isLatest = from === 'starting position' && startingPosition === 'LATEST';
      const first = { ShardIteratorType: 'TRIM_HORIZON' };
      if (typeof from !== 'object') return get(isLatest ? { ShardIteratorType: 'LATEST' } : first);
      return get({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: from.after }).catch(
        (error: unknown) => {
          // The place is a day old and more: what is left of the shard comes after it.
          if (error instanceof ServiceError && error.code === 'TrimmedDataAccessException') return get(first);
          throw error;
        },
      );
    },
    async read(iterator, limit) {
      const answer = await streams('GetRecords', { ShardIterator: iterator, Limit: Math.min(limit, 1000) });
      const records = Array.isArray(answer['Records']) ? answer['Records'].filter(isRecord) : [];
      const next = answer['NextShardIterator'];
      return {
        records: records.map((record) => readRecord(record, options)),
        next: typeof next === 'string' ? next : undefined,
      };
    },
    isExpired: (error) =>
      error instanceof ServiceError && /^(?:ExpiredIterator|TrimmedDataAccess)Exception$/u.test(error.code),
  };
}

/** A record as the event has it, which is as the API has it but for its ARN and the names it leaves out. */
function readRecord(record: Record<string, unknown>, options: TableReaderOptions): ShardRecord {
  const change = isRecord(record['dynamodb']) ? record['dynamodb'] : {};
  // It is read at once: what the clock is ahead of the machine now, it was when the item was written.
  const ahead = Math.round((options.clock.now() - Date.now()) / 1000);
  const seconds = Number(change['ApproximateCreationDateTime']) + ahead;
  return {
    sequenceNumber: String(change['SequenceNumber']),
    key: JSON.stringify(change['Keys']),
    arrivedAt: seconds * 1000,
    trace: options.traceOf?.(change['Keys']),
    record: {
      eventID: record['eventID'],
      eventName: record['eventName'],
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: options.region,
      dynamodb: { ...change, ApproximateCreationDateTime: seconds },
      ...identityOf(record, options),
      eventSourceARN: options.sourceArn,
    },
  };
}

/** Who deleted an item: DynamoDB itself, or nobody worth a mention. The API writes the names large, the event small. */
function identityOf(record: Record<string, unknown>, { isExpired }: TableReaderOptions): object {
  const identity = record['userIdentity'];
  if (isRecord(identity))
    return {
      userIdentity: {
        principalId: identity['PrincipalId'] ?? identity['principalId'],
        type: identity['Type'] ?? identity['type'],
      },
    };
  const change = isRecord(record['dynamodb']) ? record['dynamodb'] : {};
  return record['eventName'] === 'REMOVE' && isExpired?.(change['Keys']) === true
    ? { userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' } }
    : {};
}
