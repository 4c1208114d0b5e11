/**
 * Records packed into one, as the Kinesis Producer Library does it.
 *
 * @module
 * @see https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
import { createHash } from 'node:crypto';

import { bytesOf, type KinesisEventRecord } from './kinesis.ts';

/** One record among those that are packed. */
export interface KinesisUserRecord {
  /** Bytes as they are; anything else as JSON. */
  readonly data: unknown;
  /** `key` if not given. */
  readonly partitionKey?: string;
  /** None if not given: the partition key decides the shard. */
  readonly explicitHashKey?: string;
}

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);

const VARINT = 0;
const BYTES = 2;

/**
 * Packs records into one: a mark, a protobuf message with a table of the keys, and its MD5.
 *
 * @param records - in their order
 * @param record - what {@link kinesisEvent} takes beside the data; the partition key is that of the first if not given
 * @returns a record for {@link kinesisEvent}
 * @example
 * const event = kinesisEvent([kinesisAggregate([{ data: { page: '/' } }, { data: { page: '/a' }, partitionKey: 'u2' }])]);
 */
export function kinesisAggregate(
  records: readonly KinesisUserRecord[],
  record: Omit<KinesisEventRecord, 'data'> = {},
): KinesisEventRecord {
  const keys = [...new Set(records.map(({ partitionKey = 'key' }) => partitionKey))];
  const hashKeys = [...new Set(records.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))];
  const message = Buffer.concat([
    ...keys.map((key) => bytesField(1, Buffer.from(key))),
    ...hashKeys.map((key) => bytesField(2, Buffer.from(key))),
    ...records.map(({ data, partitionKey = 'key', explicitHashKey }) =>
      bytesField(
        3,
        Buffer.concat([
          numberField(1, keys.indexOf(partitionKey)),
          ...(explicitHashKey === undefined ? [] : [numberField(2, hashKeys.indexOf(explicitHashKey))]),
          bytesField(3, bytesOf(data)),
        ]),
      ),
    ),
  ]);
  const digest = createHash('md5').update(message).digest();
  return {
    ...(keys[0] === undefined ? {} : { partitionKey: keys[0] }),
    ...record,
    data: Buffer.concat([MAGIC, message, digest]),
  };
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + VARINT), varint(value)]);
}

function bytesField(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + BYTES), varint(value.byteLength), value]);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) + 0x80);
    left = Math.floor(left / 0x80);
  }
  return Buffer.from([...bytes, left]);
}
