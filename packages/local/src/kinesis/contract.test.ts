import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import { startKinesis } from './start.ts';
import type { LocalKinesis } from './start.ts';

const clock = manualClock(new Date('2026-03-01T00:00:00Z'));
let kinesis: LocalKinesis;
let client: KinesisClient;

beforeAll(async () => {
  kinesis = await startKinesis({ clock });
  client = new KinesisClient(kinesis.clientConfig);
  await client.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 2 }));
});
afterAll(async () => {
  client.destroy();
  await kinesis.close();
});

const put = (text: string, PartitionKey = 'k', StreamName = 'clicks'): PutRecordCommand =>
  new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) });

async function iterator(start: Partial<GetShardIteratorCommandInput>): Promise<string | undefined> {
  const input = {
    StreamName: 'clicks',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  } as const;
  return (await client.send(new GetShardIteratorCommand({ ...input, ...start }))).ShardIterator;
}

async function read(ShardIterator: string | undefined, Limit = 100): Promise<[string[], string | undefined]> {
  const answer = await client.send(new GetRecordsCommand({ ShardIterator, Limit }));
  return [
    (answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()),
    answer.NextShardIterator,
  ];
}

describe('refused', () => {
  test.each([
    ['ResourceNotFoundException', put('x', 'k', 'nothing')],
    ['ResourceInUseException', new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 })],
    ['ValidationException', put('x', '')],
    ['ValidationException', new PutRecordsCommand({ StreamName: 'clicks', Records: [] })],
    ['InvalidArgumentException', new GetRecordsCommand({ ShardIterator: 'nonsense' })],
    [
      'ResourceNotFoundException',
      new GetShardIteratorCommand({
        StreamName: 'clicks',
        ShardId: 'shardId-9',
        ShardIteratorType: 'LATEST',
      }),
    ],
    [
      'NotImplemented',
      new MergeShardsCommand({ StreamName: 'clicks', ShardToMerge: 'a', AdjacentShardToMerge: 'b' }),
    ],
  ])('%s', async (name, command) => {
    // One type for all commands: the client's own takes each.
    await expect(client.send(command as PutRecordCommand)).rejects.toMatchObject({ name });
  });

  test('an iterator that is older than five minutes', async () => {
    const old = await iterator({});
    clock.advance(300_001);
    await expect(read(old)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  });

  test('a web page', async () => {
    const answer = await fetch(kinesis.endpoint, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
  });
});

test('D6 records of one partition key lie in one shard, in order, with rising numbers', async () => {
  const answers = [];
  for (const text of ['a', 'b', 'c']) {
    // Order is what is looked at.
    // oxlint-disable-next-line no-await-in-loop
    answers.push(await client.send(put(text, 'same')));
  }
  expect(new Set(answers.map(({ ShardId }) => ShardId)).size).toBe(1);
  const numbers = answers.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0));
  expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
  expect(new Set(numbers).size).toBe(3);
});

test('shards share all hash keys among them', async () => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'clicks' }));
  expect(Shards.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
    { StartingHashKey: '0', EndingHashKey: '170141183460469231731687303715884105727' },
    {
      StartingHashKey: '170141183460469231731687303715884105728',
      EndingHashKey: '340282366920938463463374607431768211455',
    },
  ]);
});

test('iterators of all types start where they say', async () => {
  await client.send(new CreateStreamCommand({ StreamName: 'one', ShardCount: 1 }));
  const StreamName = 'one';
  const latest = await iterator({ StreamName, ShardIteratorType: 'LATEST' });
  const { SequenceNumber: first } = await client.send(put('1', 'k', 'one'));
  clock.advance(60_000);
  const noon = new Date(clock.now());
  await client.send(
    new PutRecordsCommand({
      StreamName,
      Records: ['2', '3'].map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
    }),
  );
  expect((await read(latest))[0]).toEqual(['1', '2', '3']);
  expect((await read(await iterator({ StreamName })))[0]).toEqual(['1', '2', '3']);
  const from = (
    ShardIteratorType: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER',
  ): Promise<string | undefined> =>
    iterator({ StreamName, ShardIteratorType, StartingSequenceNumber: first });
  expect((await read(await from('AT_SEQUENCE_NUMBER')))[0]).toEqual(['1', '2', '3']);
  expect((await read(await from('AFTER_SEQUENCE_NUMBER')))[0]).toEqual(['2', '3']);
  expect(
    (await read(await iterator({ StreamName, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: noon })))[0],
  ).toEqual(['2', '3']);
  const [some, next] = await read(await iterator({ StreamName }), 2);
  expect(some).toEqual(['1', '2']);
  expect((await read(next))[0]).toEqual(['3']);
  clock.advance(25 * 3_600_000);
  expect((await read(await iterator({ StreamName })))[0]).toEqual([]);
});

test('a folder keeps streams and records', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handlersmith-kinesis-'));
  const first = await startKinesis({ folder });
  const one = new KinesisClient(first.clientConfig);
  await one.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  const { SequenceNumber: before = '' } = await one.send(put('kept', 'k', 's'));
  one.destroy();
  await first.close();

  const second = await startKinesis({ folder });
  const two = new KinesisClient(second.clientConfig);
  const { StreamDescription } = await two.send(new DescribeStreamCommand({ StreamName: 's' }));
  expect(StreamDescription?.Shards).toHaveLength(1);
  const { SequenceNumber: after = '' } = await two.send(put('next', 'k', 's'));
  expect(BigInt(after)).toBeGreaterThan(BigInt(before));
  two.destroy();
  await second.close();
  rmSync(folder, { recursive: true });
});
