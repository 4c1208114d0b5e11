import { afterAll, beforeAll, expect, test } from 'vitest';

import { startAws } from '../aws/start.ts';
import type { LocalAws } from '../aws/start.ts';
import { serviceCall } from '../mapping/index.ts';
import type { Deliver } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import { deliverer } from './deliver.ts';
import { callSns } from './sns-call.ts';

let aws: LocalAws;
let deliver: Deliver;

beforeAll(async () => {
  aws = await startAws();
  const app = { functions: [] } as unknown as App; // nothing else of it is looked at
  deliver = deliverer(app, aws, () => {
    throw new Error('There is no function');
  });
  const sqs = serviceCall('sqs', { endpoint: aws.sqs.endpoint, region: aws.region });
  await sqs('CreateQueue', { QueueName: 'dead' });
  await callSns(aws)('CreateTopic', { Name: 'dead' });
  await callSns(aws)('Subscribe', {
    TopicArn: aws.sns.topicArn('dead'),
    Protocol: 'sqs',
    Endpoint: aws.sqs.queueArn('dead'),
    'Attributes.entry.1.key': 'RawMessageDelivery',
    'Attributes.entry.1.value': 'true',
  });
});
afterAll(() => aws.close());

test.each([
  ['a queue', () => aws.sqs.queueArn('dead')],
  ['a topic', () => aws.sns.topicArn('dead')],
])('%s gets the body, and beside it why', async (what, arn) => {
  await deliver(arn(), { what }, [], { ErrorCode: 200, ErrorMessage: 'boom' });
  const message = aws.sqs.queue('dead')?.messages().at(-1);
  expect(message?.body).toBe(JSON.stringify({ what }));
  expect(message?.messageAttributes).toEqual({
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ErrorMessage: { DataType: 'String', StringValue: 'boom' },
  });
});

test('a body alone has nothing beside it', async () => {
  await deliver(aws.sqs.queueArn('dead'), { alone: true }, []);
  expect(aws.sqs.queue('dead')?.messages().at(-1)).toMatchObject({
    body: '{"alone":true}',
    messageAttributes: {},
  });
});

test('what is not there is named', async () => {
  await expect(deliver('arn:aws:sqs:us-east-1:000000000000:gone', {}, [])).rejects.toThrow(
    'There is no queue',
  );
  await expect(deliver('arn:aws:lambda:us-east-1:000000000000:function:gone', {}, [])).rejects.toThrow(
    'There is nothing at',
  );
});
