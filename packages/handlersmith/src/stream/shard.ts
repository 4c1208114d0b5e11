/**
 * A shard, read page by page through the AWS SDK, in the form that events have.
 *
 * @module
 */
import type { AttributeValue, _Record as SdkRecord } from '@aws-sdk/client-dynamodb-streams';
import type { _Record as SdkKinesisRecord } from '@aws-sdk/client-kinesis';
import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';

import type { LostBatch } from './failure.ts';

/** A client of the AWS SDK, of any version 3. */
export interface StreamClient {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** Some records of a shard, and the way to the next. */
export interface Page {
  readonly records: readonly { readonly sequenceNumber: string; readonly record: unknown }[];
  /** Whether there is nothing after them yet. */
  readonly atTip: boolean;
  /** `undefined` at the end of a shard that is closed. */
  readonly next: () => Promise<Page | undefined>;
}

/** A shard that is being read. */
export interface ShardReader {
  /** Where the batch begins, or the oldest there is where the stream has let go of that. */
  readonly first: () => Promise<Page | undefined>;
  /** Ends the client that was made for it. */
  readonly close: () => void;
}

/** What both SDK clients answer. */
interface Iterated {
  readonly ShardIterator?: string | undefined;
}
interface Got<Record> {
  readonly Records?: readonly Record[] | undefined;
  readonly NextShardIterator?: string | undefined;
  readonly MillisBehindLatest?: number | undefined;
}

/** What reading takes of a client, the same for both services. */
interface Service<Record> {
  readonly iterate: (from: 'AT_SEQUENCE_NUMBER' | 'TRIM_HORIZON') => object;
  readonly get: (iterator: string) => object;
  readonly convert: (record: Record) => Page['records'][number];
  readonly client: () => StreamClient & { readonly destroy?: () => void };
}

interface ReadingOptions {
  readonly client?: StreamClient;
  readonly signal?: AbortSignal;
}

/**
 * Opens a shard at the start of a batch. The SDK is loaded here and nowhere else.
 *
 * @throws Error that says what to install where the SDK's client is not there
 */
export async function shardReaderOf(
  kind: 'dynamodb' | 'kinesis',
  batch: LostBatch,
  options: ReadingOptions,
): Promise<ShardReader> {
  return kind === 'dynamodb'
    ? readerOf(await dynamoDb(batch), options)
    : readerOf(await kinesis(batch), options);
}

function readerOf<Record>(service: Service<Record>, { client, signal }: ReadingOptions): ShardReader {
  const own = client === undefined ? service.client() : undefined;
  const used = client ?? own;
  const send = (command: object): Promise<unknown> =>
    // A client's own type ties each command to its answer; StreamClient leaves that out so that any version fits.
    used?.send(command as never, signal === undefined ? {} : { abortSignal: signal }) ?? Promise.resolve();

  const read = async (iterator: string | undefined): Promise<Page | undefined> => {
    if (iterator === undefined) return undefined;
    const got = (await send(service.get(iterator))) as Got<Record>; // what GetRecords answers
    return {
      records: (got.Records ?? []).map(service.convert),
      atTip: got.MillisBehindLatest === 0,
      next: () => read(got.NextShardIterator),
    };
  };
  const begin = async (from: 'AT_SEQUENCE_NUMBER' | 'TRIM_HORIZON'): Promise<Page | undefined> => {
    const { ShardIterator } = (await send(service.iterate(from))) as Iterated; // what GetShardIterator answers
    return read(ShardIterator);
  };
  return {
    first: async () => {
      try {
        return await begin('AT_SEQUENCE_NUMBER');
      } catch (error) {
        if (error instanceof Error && error.name === 'TrimmedDataAccessException')
          return begin('TRIM_HORIZON');
        throw error;
      }
    },
    close: () => own?.destroy?.(),
  };
}

async function dynamoDb(batch: LostBatch): Promise<Service<SdkRecord>> {
  const { DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } =
    await import('@aws-sdk/client-dynamodb-streams').catch(notInstalled('@aws-sdk/client-dynamodb-streams'));
  return {
    client: () => new DynamoDBStreamsClient(),
    iterate: (from) =>
      new GetShardIteratorCommand({
        StreamArn: batch.streamArn,
        ShardId: batch.shardId,
        ShardIteratorType: from,
        ...(from === 'TRIM_HORIZON' ? {} : { SequenceNumber: batch.startSequenceNumber }),
      }),
    get: (ShardIterator) => new GetRecordsCommand({ ShardIterator }),
    convert: (record) => ({
      sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
      record: dynamoDbRecord(record, batch),
    }),
  };
}

async function kinesis(batch: LostBatch): Promise<Service<SdkKinesisRecord>> {
  const { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } =
    await import('@aws-sdk/client-kinesis').catch(notInstalled('@aws-sdk/client-kinesis'));
  return {
    client: () => new KinesisClient(),
    iterate: (from) =>
      new GetShardIteratorCommand({
        StreamARN: batch.streamArn,
        ShardId: batch.shardId,
        ShardIteratorType: from,
        ...(from === 'TRIM_HORIZON' ? {} : { StartingSequenceNumber: batch.startSequenceNumber }),
      }),
    get: (ShardIterator) => new GetRecordsCommand({ ShardIterator, StreamARN: batch.streamArn }),
    convert: (record) => ({
      sequenceNumber: record.SequenceNumber ?? '',
      record: kinesisRecord(record, batch),
    }),
  };
}

/**
 * What to do about a package that cannot be loaded. At the import itself: bundlers then do without it where it is not
 * installed.
 *
 * @returns what throws an Error that says what to install
 */
export function notInstalled(name: string): (cause: unknown) => never {
  return (cause) => {
    throw new Error(`Reading a stream again needs the package ${name}: npm install ${name}`, { cause });
  };
}

/** The region of `arn:aws:dynamodb:eu-west-1:…`. */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** The SDK gives dates and bytes where an event has seconds and base64. */
function dynamoDbRecord(record: SdkRecord, { streamArn }: LostBatch): DynamoDBRecord {
  const { dynamodb, userIdentity, ...facts } = record;
  const { ApproximateCreationDateTime: changed, Keys, NewImage, OldImage, ...rest } = dynamodb ?? {};
  const event = {
    ...facts,
    awsRegion: facts.awsRegion ?? regionOf(streamArn),
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
    dynamodb: {
      ...rest,
      ...(changed === undefined ? {} : { ApproximateCreationDateTime: Math.floor(changed.getTime() / 1000) }),
      ...(Keys === undefined ? {} : { Keys: imageOf(Keys) }),
      ...(NewImage === undefined ? {} : { NewImage: imageOf(NewImage) }),
      ...(OldImage === undefined ? {} : { OldImage: imageOf(OldImage) }),
    },
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
  };
  return event as DynamoDBRecord; // its own names of one and the same service
}

function imageOf(image: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: base64Of(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64Of) };
  if (value.L !== undefined) return { L: value.L.map(attributeOf) };
  if (value.M !== undefined) return { M: imageOf(value.M) };
  return { ...value };
}

function kinesisRecord(record: SdkKinesisRecord, { shardId, streamArn }: LostBatch): KinesisStreamRecord {
  const sequenceNumber = record.SequenceNumber ?? '';
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.PartitionKey ?? '',
      sequenceNumber,
      data: base64Of(record.Data ?? new Uint8Array()),
      approximateArrivalTimestamp: (record.ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: '',
    awsRegion: regionOf(streamArn),
    eventSourceARN: streamArn,
  };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
