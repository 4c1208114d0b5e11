import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { systemClock } from '../clock/clock.ts';
import { startDynamoDb } from '../dynamodb/start.ts';
import type { LocalDynamoDb } from '../dynamodb/start.ts';
import { startKinesis } from '../kinesis/index.ts';
import type { LocalKinesis } from '../kinesis/index.ts';
import type { TableTrigger } from '../template/app.ts';
import { serviceCall } from './call.ts';
import type { ServiceCall } from './call.ts';
import { tableReader } from './dynamodb.ts';
import type { Invoked } from './invoke.ts';
import { kinesisReader } from './kinesis.ts';
import { streamMapping } from './stream.ts';
import type { Checkpoints, StreamMapping, StreamReader } from './stream.ts';

const region = 'us-east-1';
const done: Invoked = { ok: true, payload: 'null', duration: 1, memoryUsed: 1, requestId: 'r' };

const listening: StreamMapping[] = [];
let told: string[];
beforeEach(() => {
  told = [];
});
afterEach(async () => {
  await Promise.all(listening.splice(0).map((one) => one.stop()));
});

interface Followed {
  readonly mapping: StreamMapping;
  /** What the reader gave for each record, in the order of invocations. */
  readonly seen: string[];
}

/** Follows a stream; `nameOf` says of a record what a test wants to see of it. */
function follow(
  reader: StreamReader,
  nameOf: (record: Record<string, unknown>) => string,
  more: { readonly change?: Partial<TableTrigger>; readonly checkpoints?: Checkpoints } = {},
): Followed {
  const seen: string[] = [];
  const mapping = streamMapping({
    trigger: {
      type: 'dynamodb',
      function: 'Reader',
      id: 'Stream',
      place: { file: 'template.yaml', line: 1 },
      enabled: true,
      source: 'arn',
      startingPosition: 'LATEST',
      batchSize: 2,
      window: 0,
      parallelization: 1,
      bisect: false,
      maximumRetries: -1,
      maximumAge: -1,
      reportFailures: false,
      tumblingWindow: 0,
      filters: [],
      ...more.change,
    },
    reader,
    functionArn: 'arn',
    invoke: async ({ event }) => {
      // The mapping makes it so.
      seen.push(...(event as { Records: Record<string, unknown>[] }).Records.map(nameOf));
      return done;
    },
    deliver: async () => {},
    clock: systemClock,
    tell: ({ text }) => void told.push(text),
    interval: 10,
    ...(more.checkpoints !== undefined && { checkpoints: more.checkpoints }),
  });
  listening.push(mapping);
  return { mapping, seen };
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to that');
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Passes calls on, the ones to this operation later. */
const delayed =
  (call: ServiceCall, operation: string): ServiceCall =>
  async (name, input, signal) => {
    if (name === operation) await new Promise((resolve) => setTimeout(resolve, 200));
    return call(name, input, signal);
  };

const places = (): Checkpoints & { readonly kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  return { kept, get: (shard) => kept.get(shard), set: (shard, number) => void kept.set(shard, number) };
};

const keyOf = (record: Record<string, unknown>): string =>
  (record['dynamodb'] as { Keys: { pk: { S: string } } }).Keys.pk.S;
const isExpired = (keys: unknown): boolean => JSON.stringify(keys).includes('expired');

describe('the stream of a table', () => {
  let server: LocalDynamoDb;
  let database: ServiceCall;
  let streams: ServiceCall;
  let streamArn: string;
  beforeEach(async () => {
    server = await startDynamoDb();
    database = serviceCall('dynamodb', { endpoint: server.endpoint, region });
    streams = serviceCall('streams', { endpoint: server.endpoint, region });
    const made = await database('CreateTable', {
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    streamArn = String((made['TableDescription'] as Record<string, unknown>)['LatestStreamArn']);
  });
  afterEach(async () => {
    await Promise.all(listening.splice(0).map((one) => one.stop()));
    await server.stop();
  });

  const put = (pk: string): Promise<unknown> =>
    database('PutItem', { TableName: 'rows', Item: { pk: { S: pk } } });
  const reader = (
    startingPosition: 'LATEST' | 'TRIM_HORIZON',
    call: ServiceCall = streams,
    more: Partial<Parameters<typeof tableReader>[0]> = {},
  ): StreamReader =>
    tableReader({
      streams: call,
      streamArn,
      sourceArn: 'arn:of:template',
      region,
      startingPosition,
      clock: systemClock,
      ...more,
    });

  test('D1 TRIM_HORIZON reads what was there, LATEST what comes once it is ready', async () => {
    await put('before');
    const all = follow(reader('TRIM_HORIZON'), keyOf);
    const late = follow(reader('LATEST', delayed(streams, 'GetShardIterator')), keyOf);
    await late.mapping.ready;
    await put('after');
    await until(() => all.seen.length === 2 && late.seen.length === 1);
    expect(all.seen).toEqual(['before', 'after']);
    expect(late.seen).toEqual(['after']);
    expect(told).toEqual([]);
  });

  test('D1 reading goes on behind the checkpoint, and no record is read twice', async () => {
    const checkpoints = places();
    for (const pk of ['1', '2', '3'])
      // oxlint-disable-next-line no-await-in-loop -- their order is looked at
      await put(pk);
    const first = follow(reader('TRIM_HORIZON'), keyOf, { checkpoints });
    await until(() => first.seen.length === 3);
    await first.mapping.stop();
    expect([...checkpoints.kept.values()]).toEqual([expect.stringMatching(/^\d+$/u)]);
    await put('4');
    const second = follow(reader('LATEST'), keyOf, { checkpoints });
    await until(() => second.seen.length > 0);
    expect([first.seen, second.seen]).toEqual([['1', '2', '3'], ['4']]);
  });

  test('D4 who deleted an item stands in the record, where that is known', async () => {
    await put('expired');
    await put('kept');
    for (const pk of ['expired', 'kept'])
      // oxlint-disable-next-line no-await-in-loop -- their order is looked at
      await database('DeleteItem', { TableName: 'rows', Key: { pk: { S: pk } } });
    const { seen } = follow(reader('TRIM_HORIZON', streams, { isExpired }), (record) =>
      [record['eventName'], keyOf(record), JSON.stringify(record['userIdentity'])].join(' '),
    );
    await until(() => seen.length === 4);
    expect(seen.slice(2)).toEqual([
      'REMOVE expired {"principalId":"dynamodb.amazonaws.com","type":"Service"}',
      'REMOVE kept ',
    ]);
  });

  test('a server that goes away is told of, and stopping ends all the same', async () => {
    const { mapping } = follow(reader('LATEST'), keyOf);
    await mapping.ready;
    await server.stop();
    await until(() => told.length > 0);
    expect(told[0]).toMatch(/^Stream: .*(?:ECONN|hang up)/u);
    await mapping.stop();
  });
});

const textOf = (record: Record<string, unknown>): string =>
  Buffer.from((record['kinesis'] as { data: string }).data, 'base64').toString();

describe('a Kinesis stream', () => {
  let server: LocalKinesis;
  let kinesis: ServiceCall;
  beforeEach(async () => {
    server = await startKinesis();
    kinesis = serviceCall('kinesis', { endpoint: server.endpoint, region });
    await kinesis('CreateStream', { StreamName: 'clicks', ShardCount: 3 });
  });
  afterEach(async () => {
    await Promise.all(listening.splice(0).map((one) => one.stop()));
    await server.close();
  });

  const put = (PartitionKey: string, data: string): Promise<unknown> =>
    kinesis('PutRecord', { StreamName: 'clicks', PartitionKey, Data: Buffer.from(data).toString('base64') });
  const reader = (startingPosition: 'LATEST' | 'TRIM_HORIZON', call = kinesis): StreamReader =>
    kinesisReader({
      kinesis: call,
      streamName: 'clicks',
      sourceArn: 'arn:of:template',
      region,
      accountId: '000000000000',
      startingPosition,
    });

  test('D1 D6 all shards are read, each in its order, from where reading starts', async () => {
    await put('a', 'before');
    const all = follow(reader('TRIM_HORIZON'), textOf);
    const late = follow(reader('LATEST', delayed(kinesis, 'GetShardIterator')), textOf);
    await late.mapping.ready;
    for (const key of ['a', 'b', 'c', 'd', 'e'])
      for (const number of [1, 2, 3])
        // oxlint-disable-next-line no-await-in-loop -- their order is looked at
        await put(key, `${key}${number}`);
    await until(() => all.seen.length === 16 && late.seen.length === 15);
    for (const key of ['a', 'b', 'c', 'd', 'e'])
      expect(late.seen.filter((text) => text.startsWith(key))).toEqual([1, 2, 3].map((n) => `${key}${n}`));
    expect(all.seen).toContain('before');
    expect(late.seen).not.toContain('before');
  });

  test('D1 reading goes on behind the checkpoint of each shard', async () => {
    const checkpoints = places();
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(keys.map((key) => put(key, `${key}1`)));
    const first = follow(reader('TRIM_HORIZON'), textOf, { checkpoints });
    await until(() => first.seen.length === keys.length);
    await first.mapping.stop();
    await Promise.all(keys.map((key) => put(key, `${key}2`)));
    const second = follow(reader('TRIM_HORIZON'), textOf, { checkpoints });
    await until(() => second.seen.length >= keys.length);
    expect(second.seen.toSorted((a, b) => a.localeCompare(b))).toEqual(keys.map((key) => `${key}2`));
  });
});

test('D1 a shard is read when its parents are read to their ends', async () => {
  // No server here divides its shards.
  const order: string[] = [];
  let isParentOver = false;
  const reader: StreamReader = {
    shards: async () => [
      { id: 'child', parents: ['parent', 'long gone'] },
      { id: 'parent', parents: [] },
    ],
    iterator: async (shardId) => {
      order.push(shardId);
      return shardId;
    },
    read: async (iterator) => ({
      records: [],
      next: iterator === 'parent' && isParentOver ? undefined : iterator,
    }),
    isExpired: () => false,
  };
  const { mapping } = follow(reader, () => '');
  await mapping.ready;
  expect(order).toEqual(['parent']);
  isParentOver = true;
  await until(() => order.length === 2);
  expect(order).toEqual(['parent', 'child']);
});
