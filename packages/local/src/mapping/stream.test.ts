import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemClock } from '../clock/clock.ts';
import { startKinesis } from '../kinesis/index.ts';
import type { LocalKinesis } from '../kinesis/index.ts';
import type { StreamTrigger } from '../template/app.ts';
import { serviceCall, ServiceError } from './call.ts';
import type { ServiceCall } from './call.ts';
import { kinesisReader } from './kinesis.ts';
import { streamMapping } from './stream.ts';
import type { StreamMapping, StreamReader } from './stream.ts';

let kinesis: LocalKinesis;
let call: ServiceCall;
let mapping: StreamMapping | undefined;
let events: Record<string, unknown>[];
let told: string[];

beforeEach(async () => {
  kinesis = await startKinesis();
  call = serviceCall('kinesis', { endpoint: kinesis.endpoint, region: 'us-east-1' });
  await call('CreateStream', { StreamName: 'clicks', ShardCount: 1 });
  events = [];
  told = [];
});
afterEach(async () => {
  await mapping?.stop();
  await kinesis.close();
});

const put = async (text: string): Promise<void> => {
  const Data = Buffer.from(text).toString('base64');
  await call('PutRecord', { StreamName: 'clicks', PartitionKey: 'k', Data });
};

function follow(
  change: Partial<StreamTrigger> = {},
  faulty: (reader: StreamReader) => Partial<StreamReader> = () => ({}),
): StreamMapping {
  const source = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';
  const reader = kinesisReader({
    kinesis: call,
    streamName: 'clicks',
    sourceArn: source,
    region: 'us-east-1',
    accountId: '000000000000',
    startingPosition: 'LATEST',
  });
  mapping = streamMapping({
    trigger: {
      type: 'kinesis',
      function: 'F',
      id: 'Stream',
      place: { file: 'template.yaml', line: 1 },
      enabled: true,
      source,
      startingPosition: 'LATEST',
      batchSize: 1,
      window: 0,
      parallelization: 1,
      bisect: false,
      maximumRetries: -1,
      maximumAge: -1,
      reportFailures: false,
      tumblingWindow: 0,
      filters: [],
      ...change,
    },
    reader: { ...reader, ...faulty(reader) },
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    invoke: async ({ event }) => {
      events.push(event as Record<string, unknown>); // what we make is an object
      const payload = JSON.stringify({ state: { batches: events.length } });
      return { ok: true, payload, duration: 1, memoryUsed: 1, requestId: 'r' };
    },
    deliver: () => Promise.resolve(),
    clock: systemClock,
    tell: ({ text }) => void told.push(text),
    interval: 10,
  });
  return mapping;
}

const read = (): string[] =>
  events.flatMap(({ Records: records }) =>
    (records as { kinesis: { data: string } }[]).map(({ kinesis: { data } }) =>
      Buffer.from(data, 'base64').toString(),
    ),
  );

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It did not come to that: ${read().join()} ${told.join()}`);
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('LATEST is what is put once it is ready, and nothing of before', async () => {
  await put('before');
  await follow().ready;
  await put('after');
  await until(() => events.length > 0);
  expect(read()).toEqual(['after']);
});

test('it is ready also where the stream does not answer', async () => {
  await follow({}, () => ({
    shards: () => Promise.reject(new Error('gone')),
  })).ready;
  expect(told).toEqual(['Stream: gone']);
});

test('LATEST goes on from where it was after a fault, also before the first record', async () => {
  let isBroken = false;
  const { ready } = follow({}, (reader) => ({
    async read(iterator, limit) {
      if (!isBroken) return reader.read(iterator, limit);
      await put('meanwhile');
      isBroken = false;
      throw new Error('broken off');
    },
  }));
  await ready;
  isBroken = true;
  await until(() => events.length > 0);
  expect(read()).toEqual(['meanwhile']);
  expect(told).toEqual(['Stream: broken off']);
});

test('a shard that comes up later is read from its first record on', async () => {
  let isThere = false;
  await follow({}, (reader) => ({
    shards: () => (isThere ? reader.shards() : Promise.resolve([])),
  })).ready;
  await put('first');
  isThere = true;
  await until(() => events.length > 0);
  expect(read()).toEqual(['first']);
});

test('D9 an iterator that has to be made anew leaves the state of its window alone', async () => {
  let isExpired = false;
  const { ready } = follow({ tumblingWindow: 900 }, (reader) => ({
    async read(iterator, limit) {
      if (!isExpired) return reader.read(iterator, limit);
      isExpired = false;
      throw new ServiceError('GetRecords', 'ExpiredIteratorException', 'too old');
    },
  }));
  await ready;
  await put('one');
  await until(() => events.length === 1);
  isExpired = true;
  await until(() => !isExpired);
  await put('two');
  await until(() => events.length === 2);
  expect(events.map(({ state }) => state)).toEqual([{}, { batches: 1 }]);
  expect(told).toEqual([]);
});
