/**
 * Records into which the Kinesis Producer Library has packed several.
 *
 * @module
 * @see https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
import type { KinesisStreamRecord } from 'aws-lambda';

/** What such a record begins with; no JSON begins so. */
const MAGIC: readonly number[] = [0xf3, 0x89, 0x9a, 0xc2];

/** The same in base64, as far as the bytes alone decide it: most records are told by it, and never decoded for it. */
const MAGIC_TEXT = '84maw';

const DIGEST_BYTES = 16;

/** One of the records in an aggregated one. */
export class UserRecord {
  /** The record it came in, as it came. */
  readonly outer: KinesisStreamRecord;
  /** Its place in there, from 0. */
  readonly subSequenceNumber: number;
  readonly partitionKey: string;
  readonly data: Buffer;

  constructor(outer: KinesisStreamRecord, subSequenceNumber: number, partitionKey: string, data: Buffer) {
    this.outer = outer;
    this.subSequenceNumber = subSequenceNumber;
    this.partitionKey = partitionKey;
    this.data = data;
  }
}

/** A record of a shard, or one of several that came in it. */
export type KinesisItem = KinesisStreamRecord | UserRecord;

/**
 * Takes records apart, in their order. One that begins as if it were aggregated and is not in order stays as it is:
 * whoever reads it decides.
 */
export function unpacked(records: readonly KinesisItem[]): readonly KinesisItem[] {
  if (!records.some(looksAggregated)) return records;
  return records.flatMap((record): readonly KinesisItem[] =>
    looksAggregated(record) ? (userRecordsOf(record) ?? [record]) : [record],
  );
}

/** Whether data begins as that of an aggregated record. */
export function isMarked(data: Uint8Array): boolean {
  return MAGIC.every((byte, index) => data[index] === byte);
}

function looksAggregated(record: KinesisItem): record is KinesisStreamRecord {
  if (record instanceof UserRecord) return false;
  // A hand-made record may lack what its type promises; reading it says so.
  const { data } = (record as Partial<KinesisStreamRecord>).kinesis ?? {};
  return typeof data === 'string' && data.startsWith(MAGIC_TEXT);
}

/** @returns `undefined` for data that is no aggregated record: a byte is missing, or another than it was */
function userRecordsOf(outer: KinesisStreamRecord): UserRecord[] | undefined {
  const bytes = Buffer.from(outer.kinesis.data, 'base64');
  if (!isMarked(bytes) || bytes.length < MAGIC.length + DIGEST_BYTES) return undefined;
  const message = bytes.subarray(MAGIC.length, -DIGEST_BYTES);
  const { createHash } = process.getBuiltinModule('node:crypto'); // nothing else here needs it
  if (!createHash('md5').update(message).digest().equals(bytes.subarray(-DIGEST_BYTES))) return undefined;
  const fields = fieldsOf(message);
  const keys = fields?.filter(isBytes(1)).map(({ value }) => value.toString());
  return whole(
    fields?.filter(isBytes(3)).map(({ value }, place) => {
      const inner = fieldsOf(value);
      const keyIndex = inner?.findLast(
        (field) => field.number === 1 && typeof field.value === 'bigint',
      )?.value;
      const data = inner?.findLast(isBytes(3))?.value;
      const key = keys?.[Number(keyIndex)];
      return key === undefined || data === undefined ? undefined : new UserRecord(outer, place, key, data);
    }),
  );
}

/** A list without gaps; `undefined` for one that has any: to lose a record is worse than to take none. */
function whole<T>(list: readonly (T | undefined)[] | undefined): T[] | undefined {
  const there = list?.filter((each) => each !== undefined);
  return there?.length === list?.length ? there : undefined;
}

/** A field of a protobuf message: a number, or bytes. Those of a fixed width are passed over: there are none here. */
interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

function isBytes(number: number): (field: Field) => field is Field & { readonly value: Buffer } {
  return (field): field is Field & { readonly value: Buffer } =>
    field.number === number && typeof field.value !== 'bigint';
}

/**
 * The fields of a message.
 *
 * @returns `undefined` where the bytes are no message
 * @see https://protobuf.dev/programming-guides/encoding/
 */
function fieldsOf(message: Buffer): Field[] | undefined {
  const fields: Field[] = [];
  let offset = 0;
  while (offset < message.length) {
    const tag = varintAt(message, offset);
    if (tag === undefined) return undefined;
    offset = tag.end;
    const [number, wireType] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    if (wireType === 1 || wireType === 5) {
      offset += wireType === 1 ? 8 : 4;
    } else {
      const varint = varintAt(message, offset);
      if (varint === undefined || (wireType !== 0 && wireType !== 2)) return undefined;
      offset = varint.end;
      if (wireType === 0) {
        fields.push({ number, value: varint.value });
      } else {
        const end = offset + Number(varint.value);
        fields.push({ number, value: message.subarray(offset, end) });
        offset = end;
      }
    }
  }
  return offset === message.length ? fields : undefined;
}

/** Seven bits a byte, the lowest first; 64 bits at most. */
function varintAt(message: Buffer, start: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = message[start + index];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}
