/** What the SQS API refuses to do with queues. */
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let standard: string;
let fifo: string;

beforeAll(async () => {
  fixture = await startFixture();
  standard = await fixture.create('standard');
  fifo = await fixture.create('ordered.fifo');
});
afterAll(() => fixture[Symbol.asyncDispose]());

const send = (input: Partial<SendMessageCommandInput>): Promise<unknown> =>
  fixture.client.send(new SendMessageCommand({ QueueUrl: standard, MessageBody: 'body', ...input }));

const again = (VisibilityTimeout: string): Promise<unknown> =>
  fixture.client.send(new CreateQueueCommand({ QueueName: 'standard', Attributes: { VisibilityTimeout } }));

describe('queues', () => {
  test('one that is not there', async () => {
    const refusals = await Promise.all(
      [
        fixture.client.send(new GetQueueUrlCommand({ QueueName: 'nobody' })),
        send({ QueueUrl: standard.replace('standard', 'nobody') }),
        send({ QueueUrl: standard.replace('000000000000', '111111111111') }),
      ].map(refusal),
    );
    expect(new Set(refusals.map(([name, status, message]) => `${name} ${status} ${message}`))).toEqual(
      new Set(['QueueDoesNotExist 400 The specified queue does not exist.']),
    );
  });

  test('an address that is none', async () => {
    expect(await refusal(send({ QueueUrl: 'nonsense' }))).toEqual([
      'InvalidAddress',
      400,
      expect.any(String),
    ]);
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['no name', '', {}, 'MissingParameter'],
    ['a name with spaces', 'a b', {}, 'InvalidParameterValue'],
    ['a name of 81 characters', 'x'.repeat(81), {}, 'InvalidParameterValue'],
    ['a FIFO queue without .fifo', 'a', { FifoQueue: 'true' }, 'InvalidParameterValue'],
    ['.fifo without a FIFO queue', 'a.fifo', {}, 'InvalidParameterValue'],
    ['FifoQueue false', 'a', { FifoQueue: 'false' }, 'InvalidAttributeName'],
    ['an unknown attribute', 'a', { Colour: 'red' }, 'InvalidAttributeName'],
    ['an attribute that is read only', 'a', { QueueArn: 'arn' }, 'InvalidAttributeName'],
    [
      'content-based deduplication on a standard queue',
      'a',
      { ContentBasedDeduplication: 'true' },
      'InvalidAttributeName',
    ],
    ['a visibility of 12 hours and a second', 'a', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['a visibility that is no number', 'a', { VisibilityTimeout: 'long' }, 'InvalidAttributeValue'],
    ['a delay of 15 minutes and a second', 'a', { DelaySeconds: '901' }, 'InvalidAttributeValue'],
    ['a retention of 59 seconds', 'a', { MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
    ['messages over 1 MiB', 'a', { MaximumMessageSize: '1048577' }, 'InvalidAttributeValue'],
    ['a wait of 21 seconds', 'a', { ReceiveMessageWaitTimeSeconds: '21' }, 'InvalidAttributeValue'],
    [
      'high throughput without groups',
      'a.fifo',
      { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' },
      'InvalidAttributeValue',
    ],
    ['a redrive policy that is no JSON', 'a', { RedrivePolicy: '{' }, 'InvalidParameterValue'],
    [
      'a redrive policy without a count',
      'a',
      { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:standard"}' },
      'InvalidParameterValue',
    ],
    [
      'a dead-letter queue that is not there',
      'a',
      {
        RedrivePolicy:
          '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:nobody","maxReceiveCount":3}',
      },
      'InvalidParameterValue',
    ],
    [
      'a dead-letter queue of the other type',
      'a.fifo',
      {
        FifoQueue: 'true',
        RedrivePolicy:
          '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:standard","maxReceiveCount":3}',
      },
      'InvalidParameterValue',
    ],
    [
      '1001 receives',
      'a',
      {
        RedrivePolicy:
          '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:standard","maxReceiveCount":1001}',
      },
      'InvalidParameterValue',
    ],
  ])('%s', async (_, QueueName, Attributes, code) => {
    expect(await refusal(fixture.client.send(new CreateQueueCommand({ QueueName, Attributes })))).toEqual([
      code,
      400,
      expect.any(String),
    ]);
  });

  test('a name that is taken with other attributes, but not with the same', async () => {
    expect(await refusal(again('31'))).toEqual([
      'QueueNameExists',
      400,
      'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    ]);
    expect(await again('30')).toMatchObject({ QueueUrl: standard });
  });

  test('a name within 60 seconds of its deletion, and a second purge within 60 seconds', async () => {
    const QueueUrl = await fixture.create('short-lived');
    await fixture.client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await refusal(fixture.client.send(new PurgeQueueCommand({ QueueUrl })))).toEqual([
      'PurgeQueueInProgress',
      400,
      expect.any(String),
    ]);
    fixture.clock.advance(60_000);
    await fixture.client.send(new PurgeQueueCommand({ QueueUrl }));
    await fixture.client.send(new DeleteQueueCommand({ QueueUrl }));
    fixture.clock.advance(59_999);
    expect(await refusal(fixture.create('short-lived'))).toEqual([
      'QueueDeletedRecently',
      400,
      expect.any(String),
    ]);
    fixture.clock.advance(1);
    expect(await fixture.create('short-lived')).toBe(QueueUrl);
  });

  test('attributes nobody knows, also when they are asked for', async () => {
    expect(
      await refusal(
        fixture.client.send(
          new GetQueueAttributesCommand({ QueueUrl: standard, AttributeNames: ['Colour' as 'All'] }),
        ),
      ),
    ).toEqual(['InvalidAttributeName', 400, expect.any(String)]);
    expect(
      await refusal(
        fixture.client.send(
          new SetQueueAttributesCommand({ QueueUrl: fifo, Attributes: { FifoQueue: 'false' } }),
        ),
      ),
    ).toEqual(['InvalidAttributeValue', 400, expect.any(String)]);
    expect(
      await refusal(
        fixture.client.send(new TagQueueCommand({ QueueUrl: standard, Tags: { 'aws:mine': '1' } })),
      ),
    ).toEqual(['InvalidParameterValue', 400, expect.any(String)]);
  });
});
