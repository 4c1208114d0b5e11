/** What the SQS documentation promises of FIFO queues. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let made = 0;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const create = (attributes?: Record<string, string>): Promise<string> =>
  fixture.create(`queue-${(made += 1)}.fifo`, { VisibilityTimeout: '30', ...attributes });

/** Sends them one after the other; `A1` goes to group A. */
async function send(
  url: string,
  ...bodies: readonly string[]
): Promise<{ id: string; sequence: string | undefined }[]> {
  const sent = [];
  for (const body of bodies) {
    const group = { MessageGroupId: body.slice(0, 1), MessageDeduplicationId: body };
    // oxlint-disable-next-line no-await-in-loop -- in this order
    sent.push(await fixture.send(url, body, group));
  }
  return sent;
}
const remove = (QueueUrl: string, message: Message | undefined): Promise<unknown> =>
  fixture.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));

describe('order', () => {
  test('a receive takes as many of a group as it can, in order, then of the next', async () => {
    const url = await create();
    await send(url, 'A1', 'B1', 'A2', 'B2', 'A3');
    expect(await fixture.bodies(url, { MaxNumberOfMessages: 4 })).toEqual(['A1', 'A2', 'A3', 'B1']);
  });

  test('nothing of a group comes while a message of it is in flight, not even what was not taken', async () => {
    const url = await create();
    await send(url, 'A1', 'A2', 'A3', 'B1');
    const [first, second] = await fixture.receive(url, { MaxNumberOfMessages: 2 });
    expect([first?.Body, second?.Body]).toEqual(['A1', 'A2']);
    expect(await fixture.bodies(url)).toEqual(['B1']);
    await remove(url, first);
    expect(await fixture.bodies(url)).toEqual([]);
    await remove(url, second);
    expect(await fixture.bodies(url)).toEqual(['A3']);
  });

  test('what comes back after its time-out comes before what was sent after it', async () => {
    const url = await create();
    await send(url, 'A1', 'A2', 'A3');
    const [first, second] = await fixture.receive(url, { MaxNumberOfMessages: 2 });
    await remove(url, second);
    fixture.clock.advance(30_000);
    expect(await fixture.bodies(url)).toEqual(['A1', 'A3']);
    expect(await refusal(remove(url, first))).toEqual([
      'InvalidParameterValue',
      400,
      expect.stringContaining('The receipt handle has expired'),
    ]);
  });

  test('a message given back frees its group, once no other of it is in flight', async () => {
    const url = await create();
    await send(url, 'A1', 'A2');
    const [first, second] = await fixture.receive(url);
    const giveBack = ({ ReceiptHandle }: Message): Promise<unknown> =>
      fixture.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    if (first === undefined || second === undefined) throw new Error('nothing was received');
    await giveBack(first);
    expect(await fixture.bodies(url)).toEqual([]);
    await giveBack(second);
    expect(await fixture.bodies(url)).toEqual(['A1', 'A2']);
  });

  test('sequence numbers have 20 digits and grow', async () => {
    const url = await create();
    const sequences = (await send(url, 'A1', 'B1', 'A2')).map(({ sequence = '' }) => sequence);
    expect(sequences.every((sequence) => /^\d{20}$/u.test(sequence))).toBe(true);
    expect(sequences.toSorted()).toEqual(sequences);
    expect(new Set(sequences).size).toBe(3);
    const [message] = await fixture.receive(url);
    expect(message?.Attributes).toMatchObject({
      SequenceNumber: sequences[0],
      MessageGroupId: 'A',
      MessageDeduplicationId: 'A1',
    });
  });

  test('a queue that delays does so for all messages of a group', async () => {
    const url = await create({ DelaySeconds: '5' });
    await send(url, 'A1', 'A2');
    expect(await fixture.bodies(url)).toEqual([]);
    fixture.clock.advance(5_000);
    expect(await fixture.bodies(url)).toEqual(['A1', 'A2']);
  });
});

describe('deduplication', () => {
  test('the same id within 5 minutes is taken once and answered alike, also after it was deleted', async () => {
    const url = await create();
    const [first] = await send(url, 'A1');
    const [message] = await fixture.receive(url);
    await remove(url, message);
    fixture.clock.advance(299_999);
    expect(await send(url, 'A1')).toEqual([first]);
    expect(await fixture.bodies(url)).toEqual([]);
    fixture.clock.advance(1);
    const [again] = await send(url, 'A1');
    expect(again?.id).not.toBe(first?.id);
    expect(await fixture.bodies(url)).toEqual(['A1']);
  });

  test('by content, attributes aside, within one batch too', async () => {
    const url = await create({ ContentBasedDeduplication: 'true' });
    const { Successful } = await fixture.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'same', MessageGroupId: 'A' },
          {
            Id: 'b',
            MessageBody: 'same',
            MessageGroupId: 'A',
            MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
          },
          { Id: 'c', MessageBody: 'same', MessageGroupId: 'A', MessageDeduplicationId: 'another' },
        ],
      }),
    );
    expect(new Set(Successful?.map(({ MessageId }) => MessageId)).size).toBe(2);
    expect(await fixture.bodies(url)).toEqual(['same', 'same']);
  });

  test.each([
    ['over the whole queue', 'queue', ['a']],
    ['within each group', 'messageGroup', ['a', 'b']],
  ])('%s, as DeduplicationScope says', async (_, DeduplicationScope, expected) => {
    const url = await create({ DeduplicationScope });
    await fixture.send(url, 'a', { MessageGroupId: 'A', MessageDeduplicationId: 'id' });
    await fixture.send(url, 'b', { MessageGroupId: 'B', MessageDeduplicationId: 'id' });
    expect(new Set(await fixture.bodies(url))).toEqual(new Set(expected));
  });
});

describe('a receive that is asked for again with its attempt id', () => {
  test('gives the same messages with the same handles, and they stay away anew', async () => {
    const url = await create();
    await send(url, 'A1', 'A2', 'B1');
    const attempt = { ReceiveRequestAttemptId: 'attempt', MaxNumberOfMessages: 2 };
    const first = await fixture.receive(url, attempt);
    fixture.clock.advance(20_000);
    expect(await fixture.receive(url, attempt)).toEqual(first);
    fixture.clock.advance(20_000);
    expect(await fixture.bodies(url)).toEqual(['B1']);
  });

  test('gives what is there where something became of them', async () => {
    const url = await create();
    await send(url, 'A1', 'A2');
    const attempt = { ReceiveRequestAttemptId: 'attempt', MaxNumberOfMessages: 1 };
    const [first] = await fixture.receive(url, attempt);
    await remove(url, first);
    expect(await fixture.bodies(url, attempt)).toEqual(['A2']);
  });
});
