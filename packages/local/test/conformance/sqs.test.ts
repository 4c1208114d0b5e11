import type { JournalEntry, LocalApp, LocalQueue } from '@handlersmith/local';
import type { SQSEvent } from 'aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';

import { ended, eventOf, lambda, play, until, untilEnded } from '../play.fixture.ts';

const queue = (id: string, more: string): string =>
  `  ${id}: { Type: AWS::SQS::Queue, Properties: { QueueName: ${id.toLowerCase()}, ${more} } }\n`;
/** A queue, its dead-letter queue and its worker. */
const line = (
  id: string,
  handler: string,
  { event = '', visibility = 1, receives = 3, more = '' } = {},
): string =>
  queue(`${id}Dead`, 'MessageRetentionPeriod: 1209600') +
  queue(
    id,
    `VisibilityTimeout: ${visibility}, RedrivePolicy: { deadLetterTargetArn: !GetAtt ${id}Dead.Arn, maxReceiveCount: ${receives} }`,
  ) +
  lambda(
    `${id}Worker`,
    handler,
    `Timeout: 1
Events: { Queue: { Type: SQS, Properties: { Queue: !GetAtt ${id}.Arn, FunctionResponseTypes: [ReportBatchItemFailures]${event} } } }
${more}`,
  );
const fifo = (id: string, handler: string): string =>
  `  ${id}Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: ${id.toLowerCase()}-dead.fifo, FifoQueue: true } }
  ${id}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: ${id.toLowerCase()}.fifo
      FifoQueue: true
      ContentBasedDeduplication: true
      VisibilityTimeout: 1
      RedrivePolicy: { deadLetterTargetArn: !GetAtt ${id}Dead.Arn, maxReceiveCount: 3 }
${lambda(
  `${id}Worker`,
  handler,
  `Timeout: 1
Events: { Queue: { Type: SQS, Properties: { Queue: !GetAtt ${id}.Arn, BatchSize: 3, FunctionResponseTypes: [ReportBatchItemFailures] } } }`,
)}`;

let app: LocalApp;
beforeAll(async () => {
  app = await play(
    line('Plain', 'queue.worker') +
      line('Silent', 'queue.odd', { receives: 1, more: `Environment: { Variables: { ANSWER: 'null' } }` }) +
      line('Nonsense', 'queue.odd', {
        receives: 2,
        more: `Environment: { Variables: { ANSWER: '"done"' } }`,
      }) +
      line('Unknown', 'queue.odd', {
        receives: 2,
        more: `Environment: { Variables: { ANSWER: '{"batchItemFailures":[{"itemIdentifier":"who"}]}' } }`,
      }) +
      line('Window', 'queue.worker', {
        visibility: 30,
        event: ', BatchSize: 100, MaximumBatchingWindowInSeconds: 2',
      }) +
      line('Filtered', 'queue.worker', {
        event: `, FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] }`,
      }) +
      line('Narrow', 'queue.worker', {
        visibility: 10,
        event: ', BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 }',
      }) +
      fifo('Lines', 'queue.inOrder'),
  );
}, 60_000);

const queueOf = (name: string): LocalQueue => {
  const found = app.aws.sqs.queue(name);
  if (found === undefined) throw new Error(`No queue ${name}`);
  return found;
};
const bodies = (name: string): string[] =>
  queueOf(name)
    .messages()
    .map(({ body }) => body);
const untilEmpty = (name: string): Promise<unknown> =>
  until(() => queueOf(name).messages().length === 0, `the end of ${name}`);

const recordsOf = (entry: JournalEntry): SQSEvent['Records'] => (eventOf(entry) as SQSEvent).Records;
/** The bodies of each invocation that had a message. */
const runs = (name: string): string[][] =>
  ended(app, name).map((entry) => recordsOf(entry).map(({ body }) => body));

describe('a standard queue', () => {
  test('Q8 a record is as Lambda sends it', async () => {
    queueOf('plain').send({
      MessageBody: 'seen',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
    });
    await untilEmpty('plain');
    const entry = ended(app, 'PlainWorker').at(-1);
    expect(eventOf(entry)).toEqual({
      Records: [
        {
          messageId: expect.any(String),
          receiptHandle: expect.any(String),
          body: 'seen',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/u),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/u),
          },
          messageAttributes: {
            kind: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/u),
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/u),
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:plain',
          awsRegion: 'us-east-1',
        },
      ],
    });
  });

  test('Q1 what is reported comes back after the visibility timeout, what is not is gone', async () => {
    const start = app.clock.now();
    for (const body of ['done 1', 'fail once', 'done 2']) queueOf('plain').send({ MessageBody: body });
    await untilEmpty('plain');
    const all = runs('PlainWorker').flat();
    expect(all.filter((body) => body.startsWith('done')).toSorted()).toEqual(['done 1', 'done 2']);
    expect(all.filter((body) => body === 'fail once').length).toBe(2);
    const again = ended(app, 'PlainWorker').findLast(({ attempt }) => attempt === 2);
    expect((again?.startedAt ?? 0) - start).toBeGreaterThanOrEqual(1_000);
  });

  test('Q1 a function that throws has failed all; at maxReceiveCount the dead-letter queue has them', async () => {
    queueOf('plain').send({ MessageBody: 'throw always' });
    await until(() => bodies('plaindead').includes('throw always'), 'the dead letter');
    const tries = ended(app, 'PlainWorker').filter((entry) =>
      recordsOf(entry).some(({ body }) => body === 'throw always'),
    );
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(tries.map(({ result }) => result?.ok)).toEqual([false, false, false]);
  });

  test.each([
    ['Nonsense', 'a malformed answer'],
    ['Unknown', 'an id that is not in the batch'],
  ])('Q1 %s: %s has failed the whole batch', async (id) => {
    const name = id.toLowerCase();
    for (const body of ['one', 'two']) queueOf(name).send({ MessageBody: body });
    await until(() => bodies(`${name}dead`).length === 2, 'the dead letters');
    expect(bodies(`${name}dead`).toSorted()).toEqual(['one', 'two']);
    const seen = runs(`${id}Worker`).flat();
    expect(seen.filter((body) => body === 'one').length).toBe(2);
  });

  test('Q1 null is success', async () => {
    queueOf('silent').send({ MessageBody: 'one' });
    await untilEmpty('silent');
    expect(runs('SilentWorker')).toEqual([['one']]);
    expect(bodies('silentdead')).toEqual([]);
  });

  test('Q1 without ReportBatchItemFailures the answer is not looked at', async () => {
    const other = await play(
      queue('Other', 'VisibilityTimeout: 1') +
        lambda(
          'OtherWorker',
          'queue.worker',
          'Timeout: 1\nEvents: { Queue: { Type: SQS, Properties: { Queue: !GetAtt Other.Arn } } }',
        ),
    );
    other.aws.sqs.queue('other')?.send({ MessageBody: 'fail' });
    await untilEnded(other, 'OtherWorker', 1);
    await until(() => other.aws.sqs.queue('other')?.messages().length === 0);
    expect(ended(other, 'OtherWorker').length).toBe(1);
  });

  test('Q1 a batch grows beyond ten within its window', async () => {
    const sent = Array.from({ length: 25 }, (_, index) => `done ${index}`);
    for (const body of sent) queueOf('window').send({ MessageBody: body });
    await untilEmpty('window');
    expect(runs('WindowWorker').flat().toSorted()).toEqual(sent.toSorted());
    expect(Math.max(...runs('WindowWorker').map(({ length }) => length))).toBeGreaterThan(10);
  });

  test('Q1 what no filter wants is deleted unseen', async () => {
    queueOf('filtered').send({ MessageBody: '{"kind":"note"}' });
    queueOf('filtered').send({ MessageBody: 'not even JSON' });
    queueOf('filtered').send({ MessageBody: '{"kind":"order"}' });
    await untilEmpty('filtered');
    expect(runs('FilteredWorker')).toEqual([['{"kind":"order"}']]);
    expect(bodies('filtereddead')).toEqual([]);
  });

  test('Q5 MaximumConcurrency bounds how many run side by side', async () => {
    for (let index = 0; index < 6; index += 1) queueOf('narrow').send({ MessageBody: `wait 200 ${index}` });
    let most = 0;
    const running = new Set<string>();
    const leave = app.journal.follow((change) => {
      if (change.change !== 'begin' && change.change !== 'end') return;
      if (change.entry.function !== 'NarrowWorker') return;
      if (change.change === 'begin') running.add(change.entry.requestId);
      else running.delete(change.entry.requestId);
      most = Math.max(most, running.size);
    });
    await untilEmpty('narrow');
    leave();
    expect(runs('NarrowWorker').flat().length).toBe(6);
    expect(most).toBe(2);
  });
});

/** What the FIFO worker saw of a group. */
const group = (name: string): string[] =>
  runs('LinesWorker')
    .flat()
    .filter((body) => body.endsWith(` of ${name}`));
const send = (MessageGroupId: string, MessageBody: string): unknown =>
  queueOf('lines.fifo').send({ MessageGroupId, MessageBody });

describe('Q4 a FIFO queue', () => {
  test('keeps the order of a group over batches, also after a failure, and other groups go on', async () => {
    const start = app.clock.now();
    for (let index = 1; index <= 7; index += 1) {
      send('a', index === 3 ? 'fail once 3 of a' : `${index} of a`);
      send('b', `${index} of b`);
    }
    await untilEmpty('lines.fifo');
    expect(group('b')).toEqual([1, 2, 3, 4, 5, 6, 7].map((index) => `${index} of b`));
    const a = group('a');
    // What stood behind the failure in its batch comes again, and nothing overtakes it.
    const numbers = a.map((body) => Number(/\d/u.exec(body)?.[0]));
    const failed = numbers.indexOf(3);
    expect(numbers.slice(0, failed)).toEqual([1, 2]);
    const again = numbers.indexOf(3, failed + 1);
    expect(numbers.slice(again)).toEqual([3, 4, 5, 6, 7]);
    const lastOfB = ended(app, 'LinesWorker').find((entry) =>
      recordsOf(entry).some(({ body }) => body === '7 of b'),
    );
    expect((lastOfB?.startedAt ?? Infinity) - start).toBeLessThan(1_000);
  });

  test('one that fails for good goes to the dead-letter queue, and its group goes on', async () => {
    send('c', 'fail 1 of c');
    send('c', '2 of c');
    await until(() => bodies('lines-dead.fifo').includes('fail 1 of c'), 'the dead letter');
    await untilEmpty('lines.fifo');
    expect(bodies('lines-dead.fifo')).toEqual(['fail 1 of c']);
    expect(group('c').at(-1)).toBe('2 of c');
  });
});
