/** Topics and subscriptions: what they tell of themselves, how they are listed and go. */
import {
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

const worker = 'arn:aws:lambda:us-east-1:000000000000:function:worker';
let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

describe('topics and subscriptions', () => {
  test('tell their attributes and tags, take new ones, are listed', async () => {
    const topic = await fixture.create('topic', { DisplayName: 'first' });
    expect(await fixture.create('topic')).toBe(topic);
    await fixture.client.send(
      new SetTopicAttributesCommand({
        TopicArn: topic,
        AttributeName: 'DisplayName',
        AttributeValue: 'a & b',
      }),
    );
    await fixture.subscribe(topic, 'lambda', worker, { FilterPolicy: '{"a":["b"]}' });
    const attributes = await fixture.client.send(new GetTopicAttributesCommand({ TopicArn: topic }));
    expect(attributes.Attributes).toMatchObject({
      TopicArn: topic,
      DisplayName: 'a & b',
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '0',
    });
    await fixture.client.send(
      new TagResourceCommand({
        ResourceArn: topic,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await fixture.client.send(new UntagResourceCommand({ ResourceArn: topic, TagKeys: ['a'] }));
    const { Tags } = await fixture.client.send(new ListTagsForResourceCommand({ ResourceArn: topic }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    expect((await fixture.client.send(new ListTopicsCommand())).Topics).toEqual([{ TopicArn: topic }]);

    const { Subscriptions } = await fixture.client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topic }),
    );
    expect(Subscriptions).toMatchObject([{ TopicArn: topic, Protocol: 'lambda', Endpoint: worker }]);
    const SubscriptionArn = Subscriptions?.[0]?.SubscriptionArn;
    const subscription = await fixture.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(subscription.Attributes).toMatchObject({
      FilterPolicy: '{"a":["b"]}',
      FilterPolicyScope: 'MessageAttributes',
      RawMessageDelivery: 'false',
    });
    await fixture.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    await fixture.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect((await fixture.client.send(new ListSubscriptionsCommand())).Subscriptions).toEqual([]);
  });

  test('are listed a hundred at a time; a topic that goes takes its subscriptions with it', async () => {
    const topic = await fixture.create('topic');
    await Promise.all(
      Array.from({ length: 101 }, (_, index) =>
        fixture.subscribe(topic, 'sqs', fixture.queues.sqs.queueArn(`q${index}`)),
      ),
    );
    const list = (NextToken?: string) => fixture.client.send(new ListSubscriptionsCommand({ NextToken }));
    const first = await list();
    expect(first.Subscriptions).toHaveLength(100);
    expect((await list(first.NextToken)).Subscriptions).toHaveLength(1);
    await fixture.client.send(new DeleteTopicCommand({ TopicArn: topic }));
    await fixture.client.send(new DeleteTopicCommand({ TopicArn: topic }));
    expect((await list()).Subscriptions).toEqual([]);
  });
});
