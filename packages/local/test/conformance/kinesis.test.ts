import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { JournalEntry, LocalApp } from '@handlersmith/local';
import type { KinesisStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { answerOf, ended, eventOf, lambda, pause, play, temporaryFolder, until } from '../play.fixture.ts';

const reader = (id: string, handler: string, event: string, shards = 1): string =>
  `  ${id}: { Type: AWS::Kinesis::Stream, Properties: { Name: ${id.toLowerCase()}, ShardCount: ${shards} } }
${lambda(
  `${id}Reader`,
  handler,
  `Timeout: 5
Events: { Stream: { Type: Kinesis, Properties: { Stream: !GetAtt ${id}.Arn, StartingPosition: TRIM_HORIZON, ${event} } } }`,
)}`;

let app: LocalApp;
const clients: KinesisClient[] = [];
beforeAll(async () => {
  app = await play(
    reader(
      'Clicks',
      'stream.reporting',
      'BatchSize: 10, FunctionResponseTypes: [ReportBatchItemFailures]',
      2,
    ) +
      reader('Lossy', 'stream.throwing', 'BatchSize: 1, MaximumRetryAttempts: 1') +
      reader(
        'Sums',
        'stream.counting',
        'BatchSize: 2, TumblingWindowInSeconds: 2, FunctionResponseTypes: [ReportBatchItemFailures]',
      ),
  );
}, 60_000);
afterAll(() => {
  for (const client of clients) client.destroy();
});

async function put(to: LocalApp, stream: string, data: readonly string[], key = 'k'): Promise<void> {
  const client = new KinesisClient(to.aws.kinesis.clientConfig);
  clients.push(client);
  for (const text of data)
    // The order is the point.
    // oxlint-disable-next-line no-await-in-loop
    await client.send(
      new PutRecordCommand({ StreamName: stream, PartitionKey: key, Data: Buffer.from(text) }),
    );
}

const recordsOf = (entry: JournalEntry): KinesisStreamEvent['Records'] =>
  (eventOf(entry) as KinesisStreamEvent).Records;
const dataOf = (of: LocalApp, name: string): string[] =>
  ended(of, name).flatMap((entry) =>
    recordsOf(entry).map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
  );

const isFinal = (entry: JournalEntry): boolean =>
  (eventOf(entry) as { isFinalInvokeForWindow: boolean }).isFinalInvokeForWindow;
const seenIn = (entry: JournalEntry): number =>
  (eventOf(entry) as { state: { seen?: number } }).state.seen ?? 0;

test('D1 D6 a record is as Lambda sends it, and a partition key keeps its order, also after a failure', async () => {
  await put(app, 'clicks', ['1 of a', 'fail once 2 of a', '3 of a'], 'a');
  await put(app, 'clicks', ['1 of b', '2 of b'], 'b');
  await until(() => dataOf(app, 'ClicksReader').includes('3 of a'));
  await until(() => dataOf(app, 'ClicksReader').includes('2 of b'));
  await app.idle();
  const seen = dataOf(app, 'ClicksReader');
  const last = ['1 of a', 'fail once 2 of a', '3 of a'].map((data) => seen.lastIndexOf(data));
  expect(last).toEqual(last.toSorted((a, b) => a - b));
  expect(seen.filter((data) => data === '1 of a')).toEqual(['1 of a']);
  expect(seen.filter((data) => data.endsWith('of b'))).toEqual(['1 of b', '2 of b']);

  const records = ended(app, 'ClicksReader').flatMap(recordsOf);
  const record = records.find(({ kinesis }) => kinesis.partitionKey === 'b');
  const sequenceNumber = record?.kinesis.sequenceNumber;
  expect(record).toEqual({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'b',
      sequenceNumber: expect.stringMatching(/^\d+$/u),
      data: Buffer.from('1 of b').toString('base64'),
      approximateArrivalTimestamp: expect.any(Number),
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: expect.stringMatching(new RegExp(`^shardId-\\d{12}:${sequenceNumber}$`, 'u')),
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\//u),
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  });
  // Seconds with a fraction, not milliseconds.
  const seconds = record?.kinesis.approximateArrivalTimestamp ?? 0;
  expect(Math.abs(seconds - app.clock.now() / 1000)).toBeLessThan(60);
});

test('D1 what fails for good is given up after its retries, and the shard goes on', async () => {
  await put(app, 'lossy', ['fail', 'next']);
  await until(() => dataOf(app, 'LossyReader').includes('next'));
  expect(dataOf(app, 'LossyReader')).toEqual(['fail', 'fail', 'next']);
});

test('D9 a tumbling window hands its state on, and ends', async () => {
  await put(app, 'sums', ['1', '2', '3', '4', '5']);
  // The records may fall into two windows.
  const finals = await until(() => {
    const over = ended(app, 'SumsReader').filter(isFinal);
    return over.reduce((sum, entry) => sum + seenIn(entry), 0) === 5 && over;
  }, 'the end of the windows');
  expect(eventOf(finals[0])).toMatchObject({
    Records: [],
    window: { start: expect.any(String), end: expect.any(String) },
    shardId: expect.stringMatching(/^shardId-/u),
    isWindowTerminatedEarly: false,
  });
  const [first] = ended(app, 'SumsReader');
  expect(eventOf(first)).toMatchObject({ state: {}, isFinalInvokeForWindow: false });
  expect(answerOf(first)).toEqual({ state: { seen: recordsOf(first as JournalEntry).length } });
});

test('D1 with a data folder reading goes on behind what was done', async () => {
  const template = reader('Kept', 'stream.throwing', 'BatchSize: 1');
  const folder = temporaryFolder();
  const first = await play(template, { folder });
  await put(first, 'kept', ['1', '2']);
  await until(() => dataOf(first, 'KeptReader').length === 2);
  await first.idle();
  await first.stop();

  const second = await play(template, { folder });
  await put(second, 'kept', ['3']);
  await until(() => dataOf(second, 'KeptReader').length > 0);
  await pause(300);
  expect(dataOf(second, 'KeptReader')).toEqual(['3']);
});
