import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { JournalEntry, LocalApp } from '@handlersmith/local';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ended, eventOf, lambda, pause, play, temporaryFolder, until } from '../play.fixture.ts';

const table = (id: string, more = ''): string => `  ${id}:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: ${id.toLowerCase()}
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
${more}`;
/** A table and the reader of its stream, from the stream's beginning: none of its records is missed. */
const reader = (id: string, handler: string, event: string, more = ''): string =>
  table(id, more) +
  lambda(
    `${id}Reader`,
    handler,
    `Timeout: 5
Events: { Stream: { Type: DynamoDB, Properties: { Stream: !GetAtt ${id}.StreamArn, StartingPosition: TRIM_HORIZON, ${event} } } }`,
  );
const reports = 'FunctionResponseTypes: [ReportBatchItemFailures]';

let app: LocalApp;
const clients: DynamoDBClient[] = [];
beforeAll(async () => {
  app = await play(
    `  Lost: { Type: AWS::SQS::Queue, Properties: { QueueName: lost } }
${reader('Reported', 'stream.reporting', `BatchSize: 5, MaximumBatchingWindowInSeconds: 1, ${reports}`)}
${reader('Bisected', 'stream.throwing', 'BatchSize: 8, MaximumBatchingWindowInSeconds: 1, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: !GetAtt Lost.Arn } }')}
${reader('Retried', 'stream.throwing', 'BatchSize: 1, MaximumRetryAttempts: 2')}
${reader('Aged', 'stream.throwing', 'BatchSize: 1, MaximumRecordAgeInSeconds: 60')}
${reader('Filtered', 'stream.reporting', `BatchSize: 10, FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"kind":{"S":["order"]}}}}' }] }, ${reports}`)}
${reader('Parallel', 'stream.slow', 'BatchSize: 6, MaximumBatchingWindowInSeconds: 1, ParallelizationFactor: 3')}
${reader('Expiring', 'stream.reporting', `BatchSize: 10, ${reports}`, '      TimeToLiveSpecification: { AttributeName: ends, Enabled: true }\n')}`,
  );
}, 60_000);
afterAll(() => {
  for (const client of clients) client.destroy();
});

/** Writes items one after the other, so that their order is known. */
async function put(
  to: LocalApp,
  name: string,
  keys: readonly string[],
  more: Record<string, { S: string } | { N: string }> = {},
): Promise<void> {
  const client = new DynamoDBClient({ ...to.aws.clientConfig, endpoint: to.aws.dynamodb.endpoint });
  clients.push(client);
  for (const key of keys)
    // The order is the point.
    // oxlint-disable-next-line no-await-in-loop
    await client.send(new PutItemCommand({ TableName: name, Item: { pk: { S: key }, ...more } }));
}

const recordsOf = (entry: JournalEntry): DynamoDBStreamEvent['Records'] =>
  (eventOf(entry) as DynamoDBStreamEvent).Records;
/** Keys of the records of each invocation. */
const runs = (of: LocalApp, name: string): (string | undefined)[][] =>
  ended(of, name).map((entry) => recordsOf(entry).map(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S));
const done = (of: LocalApp, name: string, key: string): Promise<unknown> =>
  until(() => runs(of, name).flat().includes(key), `${key} of ${name}`);

describe('a stream of a table', () => {
  test('D1 D2 a record is as Lambda sends it, in order, and reading goes on from the lowest number reported', async () => {
    const keys = ['1', '2', 'fail once 3', '4', 'fail once 5', '6'];
    await put(app, 'reported', keys, { a: { N: '1' } });
    await done(app, 'ReportedReader', '6');
    await app.idle();
    const all = runs(app, 'ReportedReader');
    // However the records fell into batches: done ones do not come again, the first failure is where the next begins.
    expect(all.flat().filter((key) => key === '1' || key === '2')).toEqual(['1', '2']);
    expect(all.some(([first]) => first === 'fail once 3')).toBe(true);
    const last = keys.map((key) => all.flat().lastIndexOf(key));
    expect(last).toEqual(last.toSorted((a, b) => a - b));
    const [first] = recordsOf(ended(app, 'ReportedReader')[0] as JournalEntry);
    expect(first).toEqual({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: '1' } },
        NewImage: { pk: { S: '1' }, a: { N: '1' } },
        SequenceNumber: expect.stringMatching(/^\d+$/u),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/reported\/stream\//u,
      ),
    });
  });

  test('D1 bisecting leaves the bad one alone, and the destination learns where it was', async () => {
    await put(app, 'bisected', ['1', '2', 'fail 3', '4']);
    await done(app, 'BisectedReader', '4');
    await until(() => app.aws.sqs.queue('lost')?.messages().length === 1, 'what was given up');
    await app.idle();
    const good = ended(app, 'BisectedReader').filter(({ result }) => result?.ok === true);
    expect(
      good.flatMap((entry) => recordsOf(entry).map(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S)),
    ).toEqual(['1', '2', '4']);
    const told: unknown = JSON.parse(app.aws.sqs.queue('lost')?.messages()[0]?.body ?? '');
    expect(told).toMatchObject({
      version: '1.0',
      requestContext: {
        condition: 'RetryAttemptsExhausted',
        functionArn: expect.stringContaining('Bisected'),
      },
      responseContext: { functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        batchSize: 1,
        shardId: expect.any(String),
        startSequenceNumber: expect.any(String),
        streamArn: expect.stringContaining('table/bisected/stream'),
      },
    });
  });

  test('D1 MaximumRetryAttempts are tries after the first, then the stream goes on', async () => {
    await put(app, 'retried', ['fail', 'next']);
    await done(app, 'RetriedReader', 'next');
    expect(runs(app, 'RetriedReader')).toEqual([['fail'], ['fail'], ['fail'], ['next']]);
    expect(ended(app, 'RetriedReader').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1]);
    expect(app.journal.notes().map(({ kind, text }) => `${kind} ${text}`)).toContainEqual(
      expect.stringMatching(/^dropped .*1 records lost \(RetryAttemptsExhausted\)/u),
    );
  });

  test('D1 MaximumRecordAgeInSeconds gives up what is too old', async () => {
    await put(app, 'aged', ['fail for ever']);
    await until(() => ended(app, 'AgedReader').length >= 2, 'a retry');
    app.clock.advance(61_000);
    const told = await until(
      () => app.journal.notes().find(({ text }) => text.includes('RecordAgeExceeded')),
      'the end of it',
    );
    expect(told.kind).toBe('dropped');
  });

  test('D2 what no filter wants never comes', async () => {
    await put(app, 'filtered', ['note'], { kind: { S: 'note' } });
    await put(app, 'filtered', ['order'], { kind: { S: 'order' } });
    await put(app, 'filtered', ['order'], { kind: { S: 'order' }, changed: { S: 'yes' } });
    await put(app, 'filtered', ['second order'], { kind: { S: 'order' } });
    await done(app, 'FilteredReader', 'second order');
    expect(runs(app, 'FilteredReader').flat()).toEqual(['order', 'second order']);
  });

  test('D7 lanes run side by side, and what has one key stays in order', async () => {
    const keys = Array.from({ length: 6 }, (_, index) => `key ${index}`);
    let most = 0;
    let running = 0;
    const leave = app.journal.follow((change) => {
      if (
        (change.change !== 'begin' && change.change !== 'end') ||
        change.entry.function !== 'ParallelReader'
      )
        return;
      running += change.change === 'begin' ? 1 : -1;
      most = Math.max(most, running);
    });
    await put(app, 'parallel', keys, { n: { N: '1' } });
    await put(app, 'parallel', keys, { n: { N: '2' } });
    await until(() => runs(app, 'ParallelReader').flat().length === 12, 'all changes');
    leave();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
    const changes = ended(app, 'ParallelReader').flatMap(recordsOf);
    const versionsOf = (key: string): unknown[] =>
      changes
        .filter(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S === key)
        .map(({ dynamodb }) => dynamodb?.NewImage?.['n']?.N);
    expect(keys.map(versionsOf)).toEqual(keys.map(() => ['1', '2']));
  });

  test('D4 what has expired is deleted by DynamoDB itself, and the record says so', async () => {
    const ends = Math.floor(app.clock.now() / 1000) + 3_600;
    await put(app, 'expiring', ['short'], { ends: { N: String(ends) } });
    await put(app, 'expiring', ['long'], { ends: { N: String(ends + 86_400) } });
    await done(app, 'ExpiringReader', 'long');
    app.clock.advance(3_700_000);
    await until(() => runs(app, 'ExpiringReader').flat().length === 3, 'the removal');
    const removed = ended(app, 'ExpiringReader').flatMap(recordsOf).at(-1);
    expect(removed).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' },
      dynamodb: { Keys: { pk: { S: 'short' } }, OldImage: { ends: { N: String(ends) } } },
    });
    expect(removed?.dynamodb).not.toHaveProperty('NewImage');
  });
});

test('D1 D5 with a data folder reading goes on behind what was done', async () => {
  const template = reader('Kept', 'stream.throwing', 'BatchSize: 1');
  const folder = temporaryFolder();
  const first = await play(template, { folder });
  await put(first, 'kept', ['1', '2']);
  await done(first, 'KeptReader', '2');
  await first.idle();
  await first.stop();

  const second = await play(template, { folder });
  await put(second, 'kept', ['3']);
  await done(second, 'KeptReader', '3');
  await pause(300);
  expect(runs(second, 'KeptReader')).toEqual([['3']]);
});
