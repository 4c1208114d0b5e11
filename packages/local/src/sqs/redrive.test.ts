/** Dead-letter queues, and the way back. */
import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { ListMessageMoveTasksResultEntry } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const arn = (name: string): string => fixture.sqs.queueArn(name);
const redriveTo = (name: string, maxReceiveCount: number): Record<string, string> => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount }),
});

/** A queue `jobs` whose messages go to `dead` at their second receive. */
async function createPair(suffix = ''): Promise<{ jobs: string; dead: string }> {
  const dead = await fixture.create(`dead${suffix}`);
  const jobs = await fixture.create(`jobs${suffix}`, {
    VisibilityTimeout: '0',
    ...redriveTo(`dead${suffix}`, 1),
  });
  return { jobs, dead };
}

/** Sends messages and lets them fail. */
async function fail(jobs: string, ...bodies: readonly string[]): Promise<void> {
  const fifo = jobs.endsWith('.fifo');
  for (const body of bodies) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await fixture.send(jobs, body, fifo ? { MessageGroupId: 'A', MessageDeduplicationId: body } : {});
  }
  await fixture.receive(jobs);
  await fixture.receive(jobs);
}

describe('maxReceiveCount', () => {
  test('moves a message when it would be received once more, with its id, its count and where it came from', async () => {
    const dead = await fixture.create('dead');
    const jobs = await fixture.create('jobs', { VisibilityTimeout: '10', ...redriveTo('dead', 2) });
    const { id } = await fixture.send(jobs, 'poison', {
      MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
    });
    const sentAt = String(fixture.clock.now());
    await fixture.receive(jobs);
    fixture.clock.advance(10_000);
    await fixture.receive(jobs);
    fixture.clock.advance(10_000);
    expect(await fixture.receive(dead)).toEqual([]);
    expect(await fixture.receive(jobs)).toEqual([]);
    const [message] = await fixture.receive(dead);
    expect(message).toMatchObject({
      MessageId: id,
      Body: 'poison',
      MessageAttributes: { a: { StringValue: 'x' } },
    });
    expect(message?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: arn('jobs'),
      ApproximateReceiveCount: '3',
      SentTimestamp: sentAt,
    });
  });

  test('a poison message in front of a FIFO group makes way for those behind it', async () => {
    const { jobs, dead } = await createPair('.fifo');
    await fail(jobs, 'A1');
    await fixture.send(jobs, 'A2', { MessageGroupId: 'A', MessageDeduplicationId: 'A2' });
    expect(await fixture.bodies(jobs)).toEqual(['A2']);
    expect(await fixture.bodies(dead)).toEqual(['A1']);
  });

  test('many poison messages do not hide the good ones behind them', async () => {
    const { jobs, dead } = await createPair();
    await fail(jobs, ...Array.from({ length: 9 }, (_, index) => `poison ${index}`));
    expect(fixture.sqs.queue('dead')?.counts.visible).toBe(9);
    await fixture.send(jobs, 'good');
    expect(await fixture.bodies(jobs)).toEqual(['good']);
    expect(await fixture.bodies(dead)).toHaveLength(9);
  });
});

const allow = (url: string, policy: object): Promise<unknown> =>
  fixture.client.send(
    new SetQueueAttributesCommand({
      QueueUrl: url,
      Attributes: { RedriveAllowPolicy: JSON.stringify(policy) },
    }),
  );

describe('who may use a dead-letter queue', () => {
  test('is what its RedriveAllowPolicy says', async () => {
    const dead = await fixture.create('dead');
    const attempt = (name: string): Promise<string> => fixture.create(name, redriveTo('dead', 1));
    await allow(dead, { redrivePermission: 'denyAll' });
    expect(await refusal(attempt('a'))).toEqual([
      'InvalidParameterValue',
      400,
      expect.stringContaining('RedriveAllowPolicy'),
    ]);
    await allow(dead, { redrivePermission: 'byQueue', sourceQueueArns: [arn('b')] });
    expect(await refusal(attempt('a'))).toEqual(['InvalidParameterValue', 400, expect.any(String)]);
    await attempt('b');
    await allow(dead, { redrivePermission: 'allowAll' });
    await attempt('a');
    const { queueUrls } = await fixture.client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }),
    );
    expect(queueUrls).toEqual([fixture.sqs.queueUrl('a'), fixture.sqs.queueUrl('b')]);
  });

  test('a policy that makes no sense is refused', async () => {
    const dead = await fixture.create('dead');
    const policies = [
      {},
      { redrivePermission: 'some' },
      { redrivePermission: 'byQueue' },
      { redrivePermission: 'allowAll', sourceQueueArns: [] },
    ];
    const refusals = await Promise.all(policies.map((policy) => refusal(allow(dead, policy))));
    expect(refusals.map(([name]) => name)).toEqual(policies.map(() => 'InvalidParameterValue'));
  });
});

const start = async (
  input: Partial<StartMessageMoveTaskCommand['input']> = {},
): Promise<string | undefined> =>
  (await fixture.client.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), ...input })))
    .TaskHandle;
const tasks = async (): Promise<ListMessageMoveTasksResultEntry[]> =>
  (await fixture.client.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead'), MaxResults: 10 })))
    .Results ?? [];

describe('a move task', () => {
  test('is refused for a queue that is not there, or is no dead-letter queue', async () => {
    expect(await refusal(start())).toEqual(['ResourceNotFoundException', 400, expect.any(String)]);
    await fixture.create('dead');
    expect(await refusal(start())).toEqual([
      'InvalidParameterValue',
      400,
      'Source queue must be configured as a Dead Letter Queue.',
    ]);
    await fixture.create('jobs', redriveTo('dead', 1));
    expect(await refusal(start({ DestinationArn: arn('nobody') }))).toEqual([
      'ResourceNotFoundException',
      400,
      expect.any(String),
    ]);
    expect(await refusal(start({ DestinationArn: arn('dead') }))).toEqual([
      'InvalidParameterValue',
      400,
      expect.any(String),
    ]);
    expect(await refusal(start({ MaxNumberOfMessagesPerSecond: 501 }))).toEqual([
      'InvalidParameterValue',
      400,
      expect.any(String),
    ]);
  });

  test('brings messages back where they came from, as new ones', async () => {
    const { jobs } = await createPair();
    await fail(jobs, 'a', 'b');
    fixture.clock.advance(5_000);
    const before = fixture.sqs.queue('dead')?.messages() ?? [];
    await start();
    expect(await tasks()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arn('dead'),
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: fixture.clock.now(),
      },
    ]);
    const back = await fixture.receive(jobs);
    expect(back.map(({ Body }) => Body)).toEqual(['a', 'b']);
    expect(back.map(({ MessageId }) => MessageId)).not.toEqual(before.map(({ messageId }) => messageId));
    expect(back[0]?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(fixture.clock.now()),
    });
    expect(back[0]?.Attributes?.DeadLetterQueueSourceArn).toBeUndefined();
  });

  test('moves at its rate, one at a time, and can be cancelled on the way', async () => {
    const { jobs } = await createPair();
    const other = await fixture.create('other');
    await fail(jobs, 'a', 'b', 'c', 'd', 'e');
    const TaskHandle = await start({ DestinationArn: arn('other'), MaxNumberOfMessagesPerSecond: 2 });
    expect(await refusal(start())).toEqual(['UnsupportedOperation', 400, expect.any(String)]);
    fixture.clock.advance(1_000);
    expect(await tasks()).toMatchObject([
      { Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 4 },
    ]);
    const cancel = new CancelMessageMoveTaskCommand({ TaskHandle });
    expect((await fixture.client.send(cancel)).ApproximateNumberOfMessagesMoved).toBe(4);
    fixture.clock.advance(10_000);
    expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 4 }]);
    expect(await fixture.bodies(other)).toEqual(['a', 'b', 'c', 'd']);
    expect(fixture.sqs.queue('dead')?.counts.visible).toBe(1);
    expect(await refusal(fixture.client.send(cancel))).toEqual([
      'UnsupportedOperation',
      400,
      expect.any(String),
    ]);
    const unknown = new CancelMessageMoveTaskCommand({ TaskHandle: 'nonsense' });
    expect(await refusal(fixture.client.send(unknown))).toEqual([
      'ResourceNotFoundException',
      400,
      expect.any(String),
    ]);
  });

  test('fails at a message that came from nowhere, and leaves it where it is', async () => {
    const { dead } = await createPair();
    await fixture.send(dead, 'by hand');
    await start();
    expect(await tasks()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(await fixture.bodies(dead)).toEqual(['by hand']);
  });
});
