/** A look into queues without receiving, and sending in the same process. */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

test('a queue that is not there is undefined, and a message it does not take is refused', async () => {
  expect(fixture.sqs.queue('nobody')).toBeUndefined();
  await fixture.create('strict.fifo');
  expect(() => fixture.sqs.queue('strict.fifo')?.send({ MessageBody: 'x' })).toThrow('MessageGroupId');
});

test('messages are seen in every state, as often as one likes, and none is received by it', async () => {
  const url = await fixture.create('looked-at');
  await fixture.send(url, 'in flight');
  await fixture.receive(url);
  await fixture.send(url, 'visible', { MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } });
  await fixture.send(url, 'delayed', { DelaySeconds: 10 });
  const queue = fixture.sqs.queue('looked-at');
  expect(queue?.counts).toEqual({ visible: 1, 'in flight': 1, delayed: 1 });
  const now = fixture.clock.now();
  const messages = queue?.messages();
  expect(messages).toMatchObject([
    {
      body: 'in flight',
      state: 'in flight',
      visibleAt: now + 30_000,
      attributes: { ApproximateReceiveCount: '1' },
    },
    {
      body: 'visible',
      state: 'visible',
      messageAttributes: { a: { StringValue: 'x' } },
      attributes: { ApproximateReceiveCount: '0' },
    },
    { body: 'delayed', state: 'delayed', visibleAt: now + 10_000 },
  ]);
  expect(queue?.messages(2)).toEqual(messages?.slice(0, 2));
  expect(await fixture.bodies(url)).toEqual(['visible']);
});

test('a message sent in the process wakes those who poll over HTTP', async () => {
  const url = await fixture.create('polled');
  const polled = fixture.receive(url, { WaitTimeSeconds: 20 });
  const id = fixture.sqs.queue('polled')?.send({ MessageBody: 'x' });
  expect((await polled).map(({ MessageId }) => MessageId)).toEqual([id]);
});

test('the trace of a request stays with the message, unless that has one of its own', async () => {
  const url = await fixture.create('traced');
  const post = (input: object): Promise<Response> =>
    fetch(fixture.sqs.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'any',
        'x-amz-target': 'AmazonSQS.SendMessage',
        'x-amzn-trace-id': 'Root=1-5-request',
      },
      body: JSON.stringify({ QueueUrl: url, MessageBody: 'x', ...input }),
    });
  await post({});
  await post({
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5-own' } },
  });
  const messages = await fixture.receive(url);
  expect(messages.map(({ Attributes }) => Attributes?.AWSTraceHeader)).toEqual([
    'Root=1-5-request',
    'Root=1-5-own',
  ]);
});
