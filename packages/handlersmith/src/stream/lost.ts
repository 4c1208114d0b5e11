/**
 * The way back to records that Lambda has given up.
 *
 * @module
 */
import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';

import {
  type DynamoDbStreamFailure,
  type KinesisStreamFailure,
  type LostBatch,
  lostBatchOf,
  type StreamFailure,
} from './failure.ts';
import { type Page, type StreamClient, shardReaderOf, type ShardReader } from './shard.ts';

/** Pages without a record, one after the other, until it is taken for given that there are none. */
const MOST_EMPTY_PAGES = 10;

/** Milliseconds between two pages: a shard may be read five times a second. */
const PAUSE_MS = 200;

export interface LostRecordsOptions {
  /**
   * A `DynamoDBStreamsClient` of `@aws-sdk/client-dynamodb-streams`, or a `KinesisClient` of `@aws-sdk/client-kinesis`.
   * Default: one with the SDK's own settings.
   */
  readonly client?: StreamClient;
  /** Stops the reading when it aborts. */
  readonly signal?: AbortSignal;
}

/** What is left of a batch. */
export interface LostRecords<Record> {
  /** The records as they were in the event: `handler({ Records: records })` runs them again. */
  readonly records: Record[];
  /** Whether both ends of the batch were there. If not, the stream has let go of some: it keeps them for 24 hours or more. */
  readonly complete: boolean;
}

/**
 * Fetches the records of a batch that Lambda has given up, by their shard and sequence numbers.
 *
 * An event source mapping may filter; the stream does not: what its filter left out is among the records.
 *
 * @param failure - what the on-failure destination was sent, see {@link parseStreamFailure}
 * @returns the records that are still in the stream
 * @throws Error that says what to install where the SDK's client is not there
 * @throws what the client throws: `ResourceNotFoundException` for a stream that is gone, for example
 * @example
 * const { records, complete } = await lostRecords(parseStreamFailure(message));
 * if (!complete) logger.warn('the stream has let go of some records');
 * await handler({ Records: records });
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
 */
export function lostRecords(
  failure: DynamoDbStreamFailure,
  options?: LostRecordsOptions,
): Promise<LostRecords<DynamoDBRecord>>;
export function lostRecords(
  failure: KinesisStreamFailure,
  options?: LostRecordsOptions,
): Promise<LostRecords<KinesisStreamRecord>>;
export function lostRecords(
  failure: StreamFailure,
  options?: LostRecordsOptions,
): Promise<LostRecords<DynamoDBRecord & KinesisStreamRecord>>;
export async function lostRecords(
  failure: StreamFailure,
  options: LostRecordsOptions = {},
): Promise<LostRecords<unknown>> {
  const batch = lostBatchOf(failure);
  const reader = await shardReaderOf(
    'DDBStreamBatchInfo' in failure ? 'dynamodb' : 'kinesis',
    batch,
    options,
  );
  try {
    return await readRange(reader, batch, options.signal);
  } finally {
    reader.close();
  }
}

async function readRange(
  reader: ShardReader,
  { startSequenceNumber, endSequenceNumber }: LostBatch,
  signal: AbortSignal | undefined,
): Promise<LostRecords<unknown>> {
  const [start, end] = [BigInt(startSequenceNumber), BigInt(endSequenceNumber)];
  const records: unknown[] = [];
  let [sawStart, sawEnd] = [false, false];
  let empty = 0;
  let page: Page | undefined = await reader.first();
  while (page !== undefined) {
    for (const { sequenceNumber, record } of page.records) {
      const place = BigInt(sequenceNumber);
      if (place > end) return { records, complete: sawStart && sawEnd };
      sawStart ||= place === start;
      sawEnd ||= place === end;
      records.push(record);
    }
    if (sawEnd) break;
    empty = page.records.length === 0 ? empty + 1 : 0;
    if (empty >= MOST_EMPTY_PAGES || page.atTip) break;
    // One page after the other: each tells where the next is.
    // oxlint-disable-next-line no-await-in-loop
    page = await nextPage(page, signal);
  }
  return { records, complete: sawStart && sawEnd };
}

async function nextPage(page: Page, signal: AbortSignal | undefined): Promise<Page | undefined> {
  if (page.records.length === 0) await pause(signal);
  signal?.throwIfAborted();
  return page.next();
}

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, PAUSE_MS);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
