/** What the SNS API refuses. */
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import type { PublishBatchRequestEntry, PublishCommandInput } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let topic: string;
let fifo: string;

beforeAll(async () => {
  fixture = await startFixture();
  topic = await fixture.create('topic');
  fifo = await fixture.create('topic.fifo');
});
afterAll(() => fixture[Symbol.asyncDispose]());

const INVALID = ['InvalidParameterException', 400, expect.stringContaining('Invalid parameter: ')];

describe('topics', () => {
  test('one that is not there', async () => {
    const nobody = topic.replace(/topic$/u, 'nobody');
    const refusals = await Promise.all([
      refusal(fixture.publish(nobody, 'x')),
      refusal(fixture.subscribe(nobody, 'sqs', 'arn:aws:sqs:us-east-1:000000000000:a')),
      refusal(fixture.client.send(new GetTopicAttributesCommand({ TopicArn: nobody }))),
    ]);
    expect(refusals).toEqual(refusals.map(() => ['NotFoundException', 404, 'Topic does not exist']));
  });

  test.each<[string, string, Record<string, string>]>([
    ['no name', '', {}],
    ['a name with spaces', 'a b', {}],
    ['an unknown attribute', 'a', { Colour: 'red' }],
    ['deduplication on a standard topic', 'a', { ContentBasedDeduplication: 'true' }],
    ['a flag that is none', 'a.fifo', { ContentBasedDeduplication: 'yes' }],
    ['other attributes for a name that is taken', 'topic', { DisplayName: 'other' }],
  ])('%s', async (_, name, attributes) => {
    expect(await refusal(fixture.create(name, attributes))).toEqual(INVALID);
  });

  test('an unknown attribute, later', async () => {
    const command = new SetTopicAttributesCommand({
      TopicArn: topic,
      AttributeName: 'Colour',
      AttributeValue: 'red',
    });
    expect(await refusal(fixture.client.send(command))).toEqual(INVALID);
  });
});

describe('subscriptions', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:q';
  test.each<[string, string, string, Record<string, string>]>([
    ['an unknown protocol', 'pigeon', 'home', {}],
    ['a queue that is no ARN', 'sqs', 'http://127.0.0.1/q', {}],
    ['a FIFO queue at a standard topic', 'sqs', `${queue}.fifo`, {}],
    ['a function that is no ARN', 'lambda', 'worker', {}],
    [
      'raw messages for a function',
      'lambda',
      'arn:aws:lambda:us-east-1:000000000000:function:f',
      { RawMessageDelivery: 'true' },
    ],
    ['a URL of the other protocol', 'https', 'http://127.0.0.1/', {}],
    ['an unknown attribute', 'sqs', queue, { Colour: 'red' }],
    ['a filter that is no JSON', 'sqs', queue, { FilterPolicy: '{' }],
    ['a filter that is no list', 'sqs', queue, { FilterPolicy: '{"a":"b"}' }],
    ['a filter with an unknown operator', 'sqs', queue, { FilterPolicy: '{"a":[{"sounds-like":"b"}]}' }],
    ['a nested filter on attributes', 'sqs', queue, { FilterPolicy: '{"a":{"b":["c"]}}' }],
    [
      'a filter of six keys',
      'sqs',
      queue,
      { FilterPolicy: '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}' },
    ],
    [
      'a filter of 151 values',
      'sqs',
      queue,
      { FilterPolicy: JSON.stringify({ a: Array.from({ length: 151 }, String) }) },
    ],
    ['an unknown scope', 'sqs', queue, { FilterPolicyScope: 'Everything' }],
    ['a dead-letter queue that is none', 'sqs', queue, { RedrivePolicy: '{"deadLetterTargetArn":"dead"}' }],
  ])('%s', async (_, protocol, endpoint, attributes) => {
    expect(await refusal(fixture.subscribe(topic, protocol, endpoint, attributes))).toEqual(INVALID);
  });

  test('a function at a FIFO topic, a subscription that is not there, a token that is none', async () => {
    expect(
      await refusal(fixture.subscribe(fifo, 'lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f')),
    ).toEqual(INVALID);
    expect(
      await refusal(
        fixture.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: `${topic}:nobody` })),
      ),
    ).toEqual(['NotFoundException', 404, 'Subscription does not exist']);
    expect(
      await refusal(fixture.client.send(new ConfirmSubscriptionCommand({ TopicArn: topic, Token: 'x' }))),
    ).toEqual(INVALID);
  });

  test('the same again with other attributes, but not with the same', async () => {
    const first = await fixture.subscribe(topic, 'sqs', queue, { RawMessageDelivery: 'true' });
    expect(await fixture.subscribe(topic, 'sqs', queue, { RawMessageDelivery: 'true' })).toBe(first);
    expect(await refusal(fixture.subscribe(topic, 'sqs', queue, { RawMessageDelivery: 'false' }))).toEqual(
      INVALID,
    );
    const command = new SetSubscriptionAttributesCommand({
      SubscriptionArn: first,
      AttributeName: 'FilterPolicy',
      AttributeValue: '[]',
    });
    expect(await refusal(fixture.client.send(command))).toEqual(INVALID);
  });
});

const attribute = (DataType: string, StringValue?: string): Partial<PublishCommandInput> => ({
  MessageAttributes: { a: { DataType, StringValue } },
});

const batch = (...entries: [string, string?][]): Promise<unknown> =>
  fixture.client.send(
    new PublishBatchCommand({
      TopicArn: topic,
      PublishBatchRequestEntries: entries.map(([Id, Message = 'x']): PublishBatchRequestEntry => ({
        Id,
        Message,
      })),
    }),
  );

describe('messages', () => {
  test.each<[string, Partial<PublishCommandInput>, string]>([
    ['an empty one', { Message: '' }, 'InvalidParameterException'],
    ['256 KB and a byte', { Message: 'x'.repeat(262_145) }, 'InvalidParameterException'],
    ['a subject of two lines', { Subject: 'a\nb' }, 'InvalidParameterException'],
    ['a subject of 101 characters', { Subject: 'x'.repeat(101) }, 'InvalidParameterException'],
    [
      'a structure without a default',
      { MessageStructure: 'json', Message: '{"sqs":"x"}' },
      'InvalidParameterException',
    ],
    ['a deduplication id at a standard topic', { MessageDeduplicationId: 'a' }, 'InvalidParameterException'],
    ['an attribute of an unknown type', attribute('Text', 'x'), 'InvalidParameterValueException'],
    ['an attribute without a value', attribute('String'), 'InvalidParameterValueException'],
    ['a number that is none', attribute('Number', 'seven'), 'InvalidParameterValueException'],
  ])('%s', async (_, input, name) => {
    const command = new PublishCommand({ TopicArn: topic, Message: 'x', ...input });
    expect(await refusal(fixture.client.send(command))).toEqual([name, 400, expect.any(String)]);
  });

  test('at a FIFO topic: no group, or no deduplication id', async () => {
    expect(await refusal(fixture.publish(fifo, 'x', { MessageDeduplicationId: 'a' }))).toEqual(INVALID);
    expect(await refusal(fixture.publish(fifo, 'x', { MessageGroupId: 'a' }))).toEqual(INVALID);
  });

  test('batches: none, eleven, the same id twice, an id that is none, more than 256 KB', async () => {
    const refusals = await Promise.all(
      [
        batch(),
        batch(...Array.from({ length: 11 }, (_, index): [string] => [String(index)])),
        batch(['a'], ['a']),
        batch(['a b']),
        batch(['a', 'x'.repeat(150_000)], ['b', 'x'.repeat(150_000)]),
      ].map(refusal),
    );
    expect(refusals.map(([name, status]) => `${name} ${status}`)).toEqual([
      'EmptyBatchRequestException 400',
      'TooManyEntriesInBatchRequestException 400',
      'BatchEntryIdsNotDistinctException 400',
      'InvalidBatchEntryIdException 400',
      'BatchRequestTooLongException 400',
    ]);
  });
});

test('what this server does not know, it names', async () => {
  const command = new AddPermissionCommand({
    TopicArn: topic,
    Label: 'a',
    AWSAccountId: ['1'],
    ActionName: ['Publish'],
  });
  expect(await refusal(fixture.client.send(command))).toEqual([
    'NotImplemented',
    501,
    'The SNS on this machine does not know the action AddPermission.',
  ]);
  expect(await refusal(fixture.subscribe(topic, 'email', 'a@example.com'))).toEqual([
    'NotImplemented',
    501,
    'The SNS on this machine does not know subscriptions by email.',
  ]);
  expect(await refusal(fixture.subscribe(topic, 'https', 'https://example.com/'))).toEqual([
    'NotImplemented',
    501,
    'The SNS on this machine does not know endpoints outside this machine, such as https://example.com/.',
  ]);
  const post = (headers: Record<string, string>, body: string): Promise<Response> =>
    fetch(fixture.sns.endpoint, { method: 'POST', headers, body });
  expect(await (await post({ authorization: 'any' }, 'Action=ListTopics&Colour=red')).text()).toContain(
    'the parameter Colour of ListTopics',
  );
  expect((await post({}, 'Action=ListTopics')).status).toBe(403);
  expect((await fetch(`${fixture.sns.endpoint}/?Action=ListTopics`)).status).toBe(403);
});
