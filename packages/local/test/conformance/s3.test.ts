import type { JournalEntry, LocalApp } from '@handlersmith/local';
import type { S3Event } from 'aws-lambda';
import { beforeAll, expect, test } from 'vitest';

import { ended, eventOf, lambda, play, until, untilEnded } from '../play.fixture.ts';

let app: LocalApp;
beforeAll(async () => {
  app = await play(
    `  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: files
      NotificationConfiguration:
        QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: !GetAtt Heard.Arn }]
        TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: !Ref News }]
        EventBridgeConfiguration: { EventBridgeEnabled: true }
  Versions:
    Type: AWS::S3::Bucket
    Properties: { BucketName: versions, VersioningConfiguration: { Status: Enabled } }
  Heard: { Type: AWS::SQS::Queue, Properties: { QueueName: heard } }
  Nested: { Type: AWS::SQS::Queue, Properties: { QueueName: nested } }
  News: { Type: AWS::SNS::Topic, Properties: { TopicName: news, Subscription: [{ Protocol: sqs, Endpoint: !GetAtt Nested.Arn }] } }
${lambda(
  'Pictures',
  's3.told',
  `Timeout: 5
Events:
  Put: { Type: S3, Properties: { Bucket: !Ref Files, Events: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: prefix, Value: in/ }, { Name: suffix, Value: .jpg }] } } } }`,
)}
${lambda(
  'Changes',
  's3.told',
  `Timeout: 5
Events: { Change: { Type: S3, Properties: { Bucket: !Ref Versions, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] } } }`,
)}
${lambda('Bridged', 's3.any', `Events: { Created: { Type: EventBridgeRule, Properties: { Pattern: { source: [aws.s3], detail-type: [Object Created], detail: { object: { key: [{ prefix: in/ }] } } } } } }`)}
${lambda('Listener', 's3.any', 'Events: { News: { Type: SNS, Properties: { Topic: !Ref News } } }')}`,
  );
}, 60_000);

const recordOf = (entry: JournalEntry | undefined): S3Event['Records'][number] | undefined =>
  (eventOf(entry) as S3Event | null)?.Records[0];
const keyOf = (entry: JournalEntry | undefined): string | undefined => recordOf(entry)?.s3.object.key;

test('S1 S2 a key is form-encoded, the name has no prefix, the filter sees the key as it is', async () => {
  await app.s3('PUT', '/files/in/b%20%2B%20%C3%A4.jpg', { body: 'four' });
  await app.s3('PUT', '/files/in/other.png', { body: 'x' });
  await app.s3('PUT', '/files/out/other.jpg', { body: 'x' });
  await untilEnded(app, 'Pictures', 1);
  await app.idle();
  expect(ended(app, 'Pictures').map(keyOf)).toEqual(['in/b+%2B+%C3%A4.jpg']);
  expect(recordOf(ended(app, 'Pictures')[0])).toEqual({
    eventVersion: expect.stringMatching(/^2\.\d$/u),
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/u),
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: expect.any(String) },
    requestParameters: { sourceIPAddress: expect.any(String) },
    responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: expect.any(String),
      bucket: {
        name: 'files',
        ownerIdentity: { principalId: expect.any(String) },
        arn: 'arn:aws:s3:::files',
      },
      object: {
        key: 'in/b+%2B+%C3%A4.jpg',
        size: 4,
        eTag: '8cbad96aced40b3838dd9f07f6ef5772',
        sequencer: expect.stringMatching(/^[0-9A-F]+$/u),
      },
    },
  });
});

test('S2 S3 versions, deletions and their sequencers', async () => {
  await app.s3('PUT', '/versions/a', { body: 'one' });
  await app.s3('PUT', '/versions/a', { body: 'two' });
  await app.s3('DELETE', '/versions/a');
  await untilEnded(app, 'Changes', 3);
  const records = ended(app, 'Changes').map(recordOf);
  const names = records.map((record) => record?.eventName ?? '');
  expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'ObjectCreated:Put',
    'ObjectCreated:Put',
    'ObjectRemoved:DeleteMarkerCreated',
  ]);
  const removed = records.find((record) => record?.eventName.startsWith('ObjectRemoved'));
  expect(removed?.s3.object).not.toHaveProperty('size');
  const sequencers = records.map((record) => record?.s3.object.sequencer ?? '');
  const longest = Math.max(...sequencers.map(({ length }) => length));
  expect(new Set(sequencers.map((each) => each.padEnd(longest, '0'))).size).toBe(3);
  expect(new Set(records.map((record) => record?.s3.object.versionId)).size).toBe(3);
});

test('S4 S3 asks once and twice more with the same event, then it is lost, and that is said', async () => {
  await app.s3('PUT', '/files/in/fail.jpg', { body: 'x' });
  await until(() =>
    app.journal.notes().some(({ kind, text }) => kind === 'dropped' && text.includes('Pictures')),
  );
  const tries = ended(app, 'Pictures').filter((entry) => keyOf(entry) === 'in/fail.jpg');
  expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(new Set(tries.map(({ event }) => event)).size).toBe(1);
});

test('S6 the same change through SQS, SNS, SNS in SQS, and EventBridge', async () => {
  await app.s3('PUT', '/files/in/b%20c.txt', { body: 'x' });
  const last = (name: string): unknown => {
    const message = app.aws.sqs.queue(name)?.messages().at(-1);
    return JSON.parse(message?.body ?? 'null');
  };
  const inQueue = await until(() => {
    const event = last('heard') as S3Event | null;
    return event?.Records[0]?.s3.object.key === 'in/b+c.txt' && event;
  });
  expect(inQueue.Records[0]?.eventName).toBe('ObjectCreated:Put');
  const nested = await until(() => {
    const envelope = last('nested') as { Type: string; Message: string } | null;
    return envelope?.Message.includes('in/b+c.txt') === true && envelope;
  });
  expect(nested).toMatchObject({ Type: 'Notification', TopicArn: 'arn:aws:sns:us-east-1:000000000000:news' });
  expect(JSON.parse(nested.Message)).toEqual(inQueue);

  const bridged = await until(() => ended(app, 'Bridged').find(({ event }) => event.includes('in/b c.txt')));
  expect(eventOf(bridged)).toMatchObject({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'files' }, object: { key: 'in/b c.txt', size: 1 }, reason: 'PutObject' },
  });
  const listened = await until(() =>
    ended(app, 'Listener').find(({ event }) => event.includes('in/b+c.txt')),
  );
  expect(eventOf(listened)).toMatchObject({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        Sns: { Type: 'Notification', TopicArn: 'arn:aws:sns:us-east-1:000000000000:news' },
      },
    ],
  });
});

test('S5 a bucket that is made sends a test event to queues and topics, which has no records', async () => {
  const bodies = (name: string): string[] =>
    app.aws.sqs
      .queue(name)
      ?.messages()
      .map(({ body }) => body) ?? [];
  const sent = await until(
    () => bodies('heard').find((body) => body.includes('s3:TestEvent')),
    'the test event',
  );
  expect(JSON.parse(sent)).toEqual({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: expect.stringMatching(/^\d{4}-.*Z$/u),
    Bucket: 'files',
    RequestId: expect.any(String),
    HostId: expect.any(String),
  });
  await until(() => bodies('nested').some((body) => body.includes('s3:TestEvent')), 'the one in SNS');
  expect([...ended(app, 'Pictures'), ...ended(app, 'Changes')].map(({ event }) => event)).not.toContainEqual(
    expect.stringContaining('TestEvent'),
  );
});
