/** What the SNS documentation promises, asked of the server that is started here. */
import { PublishBatchCommand, SetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import type { SNSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let invoked: { arn: string; event: SNSEvent; trace: string | undefined }[];
const worker = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

beforeEach(async () => {
  invoked = [];
  fixture = await startFixture({
    onLambda: async (arn, event, trace) => {
      if (arn.endsWith('broken')) throw new Error('it is broken');
      invoked.push({ arn, event, trace });
    },
  });
});
afterEach(() => fixture[Symbol.asyncDispose]());

describe('a queue', () => {
  test('gets an envelope, with everything the message came with', async () => {
    const topic = await fixture.create('topic');
    const url = await fixture.subscribeQueue(topic, 'queue');
    const id = await fixture.publish(topic, 'héllo <&> "world"\r\n', {
      Subject: 'a subject',
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'Zürich & more' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 255]) },
      },
    });
    const [envelope] = await fixture.envelopes(url);
    expect(envelope).toEqual({
      Type: 'Notification',
      MessageId: id,
      TopicArn: topic,
      Subject: 'a subject',
      Message: 'héllo <&> "world"\r\n',
      Timestamp: new Date(fixture.clock.now()).toISOString(),
      SignatureVersion: '1',
      Signature: expect.stringMatching(/^[\w+/]+=*$/u),
      SigningCertURL: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\/.+\.pem$/u),
      UnsubscribeURL: expect.stringContaining('Action=Unsubscribe&SubscriptionArn='),
      MessageAttributes: {
        text: { Type: 'String', Value: 'Zürich & more' },
        bytes: { Type: 'Binary', Value: 'Af8=' },
      },
    });
  });

  test('gets the message alone where delivery is raw, its attributes as attributes', async () => {
    const topic = await fixture.create('topic');
    const url = await fixture.subscribeQueue(topic, 'queue', { RawMessageDelivery: 'true' });
    await fixture.publish(topic, 'raw', {
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
    const [message] = await fixture.queues.receive(url);
    expect(message).toMatchObject({
      Body: 'raw',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
  });

  test('gets what is meant for queues where the message says more than one thing', async () => {
    const topic = await fixture.create('topic');
    const url = await fixture.subscribeQueue(topic, 'queue', { RawMessageDelivery: 'true' });
    await fixture.subscribe(topic, 'lambda', worker);
    await fixture.publish(topic, JSON.stringify({ default: 'all', sqs: 'queues' }), {
      MessageStructure: 'json',
    });
    expect(await fixture.queues.bodies(url)).toEqual(['queues']);
    await expect.poll(() => invoked.map(({ event }) => event.Records[0]?.Sns.Message)).toEqual(['all']);
  });

  test('gets each message of a batch; a wrong one fails alone', async () => {
    const topic = await fixture.create('topic');
    const url = await fixture.subscribeQueue(topic, 'queue', { RawMessageDelivery: 'true' });
    const { Successful, Failed } = await fixture.client.send(
      new PublishBatchCommand({
        TopicArn: topic,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'one' },
          { Id: 'b', Message: 'two', Subject: '\n' },
          { Id: 'c', Message: 'three' },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toEqual([
      { Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true },
    ]);
    expect(await fixture.queues.bodies(url)).toEqual(['one', 'three']);
  });

  test('that is not there loses the message to the dead-letter queue, or to a report', async () => {
    const topic = await fixture.create('topic');
    const nobody = fixture.queues.sqs.queueArn('nobody');
    const dead = await fixture.queues.create('dead');
    const subscription = await fixture.subscribe(topic, 'sqs', nobody);
    await fixture.publish(topic, 'lost');
    expect(fixture.problems).toEqual([expect.stringContaining(`did not reach ${nobody}: there is no queue`)]);
    await fixture.client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: subscription,
        AttributeName: 'RedrivePolicy',
        AttributeValue: JSON.stringify({ deadLetterTargetArn: fixture.queues.sqs.queueArn('dead') }),
      }),
    );
    await fixture.publish(topic, 'kept');
    expect(await fixture.envelopes(dead)).toMatchObject([{ Message: 'kept', TopicArn: topic }]);
  });
});

describe('a function', () => {
  test('gets the event that Lambda gets, and the trace of the publication', async () => {
    const topic = await fixture.create('topic');
    const subscription = await fixture.subscribe(topic, 'lambda', worker);
    const form = new URLSearchParams({ Action: 'Publish', TopicArn: topic, Message: 'hello' });
    await fetch(fixture.sns.endpoint, {
      method: 'POST',
      headers: { authorization: 'any', 'x-amzn-trace-id': 'Root=1-5-a' },
      body: form.toString(),
    });
    await expect.poll(() => invoked).toHaveLength(1);
    expect(invoked[0]).toMatchObject({ arn: worker, trace: 'Root=1-5-a' });
    expect(invoked[0]?.event.Records).toEqual([
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription,
        Sns: {
          Type: 'Notification',
          MessageId: expect.any(String),
          TopicArn: topic,
          Subject: null,
          Message: 'hello',
          Timestamp: new Date(fixture.clock.now()).toISOString(),
          SignatureVersion: '1',
          Signature: expect.any(String),
          SigningCertUrl: expect.any(String),
          UnsubscribeUrl: expect.any(String),
          MessageAttributes: {},
        },
      },
    ]);
  });

  test('that cannot be invoked loses the message to the dead-letter queue', async () => {
    const topic = await fixture.create('topic');
    const dead = await fixture.queues.create('dead');
    await fixture.subscribe(topic, 'lambda', worker.replace('worker', 'broken'), {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: fixture.queues.sqs.queueArn('dead') }),
    });
    await fixture.publish(topic, 'kept');
    await expect.poll(() => fixture.queues.sqs.queue('dead')?.counts.visible).toBe(1);
    expect(await fixture.envelopes(dead)).toMatchObject([{ Message: 'kept' }]);
  });
});

const send = (topic: string, group: string, id: string): Promise<string> =>
  fixture.publish(topic, id, { MessageGroupId: group, MessageDeduplicationId: id });

describe('a FIFO topic', () => {
  test('keeps order and group all the way, and takes a message once in 5 minutes', async () => {
    const topic = await fixture.create('topic.fifo');
    const url = await fixture.subscribeQueue(topic, 'queue.fifo', { RawMessageDelivery: 'true' });
    const plain = await fixture.subscribeQueue(topic, 'plain');
    const first = await send(topic, 'A', 'A1');
    await send(topic, 'A', 'A2');
    expect(await send(topic, 'A', 'A1')).toBe(first);
    const messages = await fixture.queues.receive(url);
    expect(messages.map(({ Body }) => Body)).toEqual(['A1', 'A2']);
    expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: 'A', MessageDeduplicationId: 'A1' });
    const [envelope] = await fixture.envelopes(plain);
    expect(envelope).toMatchObject({ MessageId: first, SequenceNumber: expect.stringMatching(/^\d{20}$/u) });
    expect(envelope).not.toHaveProperty('Signature');
    fixture.clock.advance(300_000);
    expect(await send(topic, 'A', 'A1')).not.toBe(first);
  });

  test('tells messages by their content, and by group, where that is asked for', async () => {
    const topic = await fixture.create('topic.fifo', {
      ContentBasedDeduplication: 'true',
      FifoThroughputScope: 'MessageGroup',
    });
    const url = await fixture.subscribeQueue(topic, 'plain', { RawMessageDelivery: 'true' });
    await fixture.publish(topic, 'same', { MessageGroupId: 'A' });
    await fixture.publish(topic, 'same', { MessageGroupId: 'A' });
    await fixture.publish(topic, 'same', { MessageGroupId: 'B' });
    expect(await fixture.queues.bodies(url)).toEqual(['same', 'same']);
  });
});
