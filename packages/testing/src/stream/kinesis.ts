/**
 * Events of Kinesis streams.
 *
 * @module
 */
import type { KinesisStreamEvent } from 'aws-lambda';

import { type TestWindow, windowMembers } from './window.ts';

/** One record, as a test states it. */
export interface KinesisEventRecord {
  /** Bytes as they are; anything else as JSON. */
  readonly data: unknown;
  /** `key` if not given. */
  readonly partitionKey?: string;
  /** Now, if not given. */
  readonly arrivedAt?: Date;
}

/** What a test may say about the stream. */
export interface KinesisEventOptions {
  /** Name of the stream. `stream` if not given. */
  readonly stream?: string;
  /** `shardId-000000000000` if not given. */
  readonly shardId?: string;
  /** Sequence number of the first record; those that follow rise. One with 56 digits if not given. */
  readonly firstSequenceNumber?: bigint;
  /** The tumbling window the batch belongs to. None if not given. */
  readonly window?: TestWindow;
}

const REGION = 'eu-west-1';
const ACCOUNT = '123456789012';
const FIRST = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

/**
 * Builds the event that Lambda sends for records of one shard. Data is base64, arrival is in seconds with a fraction,
 * ids are made of the shard and the sequence number, which rises.
 *
 * @param records - in the order in which they arrived
 * @example
 * const event = kinesisEvent([{ data: { page: '/' }, partitionKey: 'u1' }]);
 * event.Records[0].kinesis.data; // 'eyJwYWdlIjoiLyJ9'
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export function kinesisEvent(
  records: readonly KinesisEventRecord[],
  options: KinesisEventOptions = {},
): KinesisStreamEvent {
  const {
    stream = 'stream',
    shardId = 'shardId-000000000000',
    firstSequenceNumber = FIRST,
    window,
  } = options;
  const arn = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${stream}`;
  const now = new Date();
  return {
    Records: records.map(({ data, partitionKey = 'key', arrivedAt = now }, index) => {
      const sequenceNumber = String(firstSequenceNumber + BigInt(index) * 7n);
      return {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey,
          sequenceNumber,
          data: base64(data),
          approximateArrivalTimestamp: arrivedAt.getTime() / 1000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shardId}:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: `arn:aws:iam::${ACCOUNT}:role/lambda-role`,
        awsRegion: REGION,
        eventSourceARN: arn,
      };
    }),
    ...(window === undefined ? {} : windowMembers(window, records[0]?.arrivedAt ?? now, shardId, arn)),
  };
}

/** Bytes as they are, anything else as JSON. */
export function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array ? data : Buffer.from(JSON.stringify(data));
}

function base64(data: unknown): string {
  const bytes = bytesOf(data);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
