/** What the SQS API refuses to take as messages. */
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SendMessageBatchRequestEntry, SendMessageCommandInput } from '@aws-sdk/client-sqs';
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

const entry = (Id: string, MessageBody = 'x'): SendMessageBatchRequestEntry => ({ Id, MessageBody });

const attribute = (value: object): Partial<SendMessageCommandInput> => ({
  MessageAttributes: { a: { DataType: 'String', ...value } },
});

const batch = (...Entries: SendMessageBatchRequestEntry[]): Promise<unknown> =>
  fixture.client.send(new SendMessageBatchCommand({ QueueUrl: standard, Entries }));

describe('messages', () => {
  test.each<[string, Partial<SendMessageCommandInput>, string]>([
    ['no body', { MessageBody: undefined }, 'MissingParameter'],
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a control character', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    ['half a surrogate pair', { MessageBody: 'a\uD800' }, 'InvalidMessageContents'],
    ['1 MiB and a byte', { MessageBody: 'é'.repeat(524_288) + 'x' }, 'InvalidParameterValue'],
    [
      '1 MiB together with an attribute',
      { MessageBody: 'x'.repeat(1_048_576), ...attribute({ StringValue: 'x' }) },
      'InvalidParameterValue',
    ],
    ['a delay of 901 seconds', { DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['a deduplication id on a standard queue', { MessageDeduplicationId: 'a' }, 'InvalidParameterValue'],
    ['a group of 129 characters', { MessageGroupId: 'x'.repeat(129) }, 'InvalidParameterValue'],
    ['an attribute without a value', attribute({}), 'InvalidParameterValue'],
    ['an attribute with an empty value', attribute({ StringValue: '' }), 'InvalidParameterValue'],
    ['an attribute without a type', attribute({ DataType: '', StringValue: 'x' }), 'InvalidParameterValue'],
    [
      'an attribute of an unknown type',
      attribute({ DataType: 'Text', StringValue: 'x' }),
      'InvalidParameterValue',
    ],
    [
      'a number that is none',
      attribute({ DataType: 'Number', StringValue: 'seven' }),
      'InvalidParameterValue',
    ],
    [
      'an attribute with a reserved name',
      { MessageAttributes: { 'AWS.a': { DataType: 'String', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
    [
      'eleven attributes',
      {
        MessageAttributes: Object.fromEntries(
          Array.from({ length: 11 }, (_, index) => [`a${index}`, { DataType: 'String', StringValue: 'x' }]),
        ),
      },
      'InvalidParameterValue',
    ],
  ])('%s', async (_, input, code) => {
    expect(await refusal(send(input))).toEqual([code, 400, expect.any(String)]);
  });

  test.each<[string, Partial<SendMessageCommandInput>, string]>([
    ['no group', { MessageDeduplicationId: 'a' }, 'MissingParameter'],
    [
      'no deduplication id where content does not serve as one',
      { MessageGroupId: 'a' },
      'InvalidParameterValue',
    ],
    [
      'a delay of its own',
      { MessageGroupId: 'a', MessageDeduplicationId: 'a', DelaySeconds: 1 },
      'InvalidParameterValue',
    ],
  ])('on a FIFO queue: %s', async (_, input, code) => {
    expect(await refusal(send({ QueueUrl: fifo, ...input }))).toEqual([code, 400, expect.any(String)]);
  });

  test('none of them got in', async () => {
    expect(await fixture.attributes(standard)).toMatchObject({ ApproximateNumberOfMessages: '0' });
    expect(await fixture.attributes(fifo)).toMatchObject({ ApproximateNumberOfMessages: '0' });
  });
});

describe('batches', () => {
  test('none, eleven, two of the same id, an id that is none, more than 1 MiB', async () => {
    expect(await refusal(batch())).toEqual(['EmptyBatchRequest', 400, expect.any(String)]);
    expect(await refusal(batch(...Array.from({ length: 11 }, (_, index) => entry(String(index)))))).toEqual([
      'TooManyEntriesInBatchRequest',
      400,
      expect.any(String),
    ]);
    expect(await refusal(batch(entry('a'), entry('a')))).toEqual([
      'BatchEntryIdsNotDistinct',
      400,
      expect.any(String),
    ]);
    expect(await refusal(batch(entry('a b')))).toEqual(['InvalidBatchEntryId', 400, expect.any(String)]);
    expect(await refusal(batch(entry('a', 'x'.repeat(600_000)), entry('b', 'x'.repeat(600_000))))).toEqual([
      'BatchRequestTooLong',
      400,
      'Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes.',
    ]);
  });

  test('a wrong entry fails alone', async () => {
    const QueueUrl = await fixture.create('mixed');
    const answer = await fixture.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [entry('good'), { ...entry('late'), DelaySeconds: 1_000 }],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' }]);
    expect(await fixture.bodies(QueueUrl)).toEqual(['x']);
  });
});
