/** What the SQS documentation promises of queues. */
import {
  CreateQueueCommand,
  ListQueueTagsCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let made = 0;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const create = (attributes?: Record<string, string>): Promise<string> =>
  fixture.create(`queue-${(made += 1)}`, attributes);

describe('a queue', () => {
  test('tells its attributes, defaults too, and takes new ones', async () => {
    const url = await create({ VisibilityTimeout: '5' });
    const seconds = String(Math.floor(fixture.clock.now() / 1_000));
    const expected = {
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:queue-${made}`,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: seconds,
      LastModifiedTimestamp: seconds,
      VisibilityTimeout: '5',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    };
    expect(await fixture.attributes(url)).toEqual(expected);
    fixture.clock.advance(60_000);
    await fixture.client.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '7', Policy: '{}' } }),
    );
    const LastModifiedTimestamp = String(Number(seconds) + 60);
    expect(await fixture.attributes(url)).toEqual({
      ...expected,
      DelaySeconds: '7',
      Policy: '{}',
      LastModifiedTimestamp,
    });
  });

  test('can be purged, of messages in flight too', async () => {
    const url = await create();
    await Promise.all(['a', 'b', 'c'].map((body) => fixture.send(url, body)));
    await fixture.receive(url, { MaxNumberOfMessages: 1 });
    await fixture.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    fixture.clock.advance(60_000);
    expect(await fixture.receive(url)).toEqual([]);
    await fixture.send(url, 'after');
    expect(await fixture.bodies(url)).toEqual(['after']);
  });

  test('carries tags', async () => {
    const { QueueUrl = '' } = await fixture.client.send(
      new CreateQueueCommand({ QueueName: 'tagged', tags: { team: 'shop' } }),
    );
    await fixture.client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: 'test' } }));
    await fixture.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['team'] }));
    expect((await fixture.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({
      stage: 'test',
    });
  });

  test('is listed by the start of its name, page by page', async () => {
    const names = ['list-a', 'list-b', 'list-c'];
    await Promise.all(names.map((name) => fixture.create(name)));
    const list = (MaxResults?: number, NextToken?: string): ReturnType<typeof send> =>
      send(new ListQueuesCommand({ QueueNamePrefix: 'list-', MaxResults, NextToken }));
    const send = (command: ListQueuesCommand) => fixture.client.send(command);
    expect((await list()).QueueUrls).toEqual(names.map((name) => fixture.sqs.queueUrl(name)));
    const first = await list(2);
    expect(first.QueueUrls).toHaveLength(2);
    const second = await list(2, first.NextToken);
    expect(second.QueueUrls).toEqual([fixture.sqs.queueUrl('list-c')]);
    expect(second.NextToken).toBeUndefined();
  });

  test('serves groups in turn, so that a busy one does not make the others wait', async () => {
    const url = await create();
    for (let index = 0; index < 20; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await fixture.send(url, `busy ${index}`, { MessageGroupId: 'busy' });
    }
    await fixture.send(url, 'quiet', { MessageGroupId: 'quiet' });
    const [first, second] = await fixture.receive(url, { MaxNumberOfMessages: 2 });
    expect([first?.Body, second?.Body]).toEqual(['busy 0', 'quiet']);
    expect(second?.Attributes?.MessageGroupId).toBe('quiet');
  });
});
