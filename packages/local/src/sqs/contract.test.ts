/** What the SQS documentation promises of messages in standard queues. */
import { createHash } from 'node:crypto';

import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
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

describe('a message', () => {
  test('arrives as it was sent, with its system attributes, and digests that AWS documents', async () => {
    const url = await create();
    const sentAt = fixture.clock.now();
    const sent = await fixture.client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'héllo',
        MessageAttributes: {
          text: { DataType: 'String.city', StringValue: 'Zürich' },
          number: { DataType: 'Number', StringValue: '3.5' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 255]) },
        },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5-a' } },
      }),
    );
    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update('héllo').digest('hex'));
    // Worked out by hand from the documented encoding: length, name, length, type, 1 or 2, length, value.
    expect(sent.MD5OfMessageAttributes).toBe('ed3076102b931ec7ee46d5ef6357cdd3');
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[\da-f]{32}$/u);

    fixture.clock.advance(1_500);
    const [message] = await fixture.receive(url);
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'héllo',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: {
        text: { DataType: 'String.city', StringValue: 'Zürich' },
        number: { DataType: 'Number', StringValue: '3.5' },
      },
      Attributes: {
        SenderId: '000000000000',
        SentTimestamp: String(sentAt),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(sentAt + 1_500),
        AWSTraceHeader: 'Root=1-5-a',
      },
    });
    expect(message?.MessageAttributes?.['bytes']?.BinaryValue).toEqual(new Uint8Array([1, 255]));
    expect(Object.keys(message?.Attributes ?? {})).toHaveLength(5);
  });

  test('shows the attributes that were asked for, by name or by the start of it, and no others', async () => {
    const url = await create();
    const attribute = { DataType: 'String', StringValue: 'x' };
    await fixture.send(url, 'x', { MessageAttributes: { 'a.1': attribute, 'a.2': attribute, b: attribute } });
    const look = async (names: string[], system: 'SentTimestamp'[] = []): Promise<string[]> => {
      const [message] = await fixture.receive(url, {
        MessageAttributeNames: names,
        MessageSystemAttributeNames: system,
        VisibilityTimeout: 0,
      });
      return [...Object.keys(message?.MessageAttributes ?? {}), ...Object.keys(message?.Attributes ?? {})];
    };
    expect(await look([])).toEqual([]);
    expect(await look(['a.*'])).toEqual(['a.1', 'a.2']);
    expect(await look(['b', 'c'], ['SentTimestamp'])).toEqual(['b', 'SentTimestamp']);
  });

  test('is invisible for its time-out, then comes again with a higher count', async () => {
    const url = await create({ VisibilityTimeout: '20' });
    await fixture.send(url, 'x');
    const [first] = await fixture.receive(url);
    fixture.clock.advance(19_999);
    expect(await fixture.receive(url)).toEqual([]);
    fixture.clock.advance(1);
    const [second] = await fixture.receive(url);
    expect(second?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: first?.Attributes?.ApproximateFirstReceiveTimestamp,
    });
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test('that is deleted stays away; deleting it twice is no error, an old handle deletes nothing', async () => {
    const url = await create({ VisibilityTimeout: '1' });
    await fixture.send(url, 'x');
    const [old] = await fixture.receive(url);
    fixture.clock.advance(1_000);
    const [message] = await fixture.receive(url);
    const remove = (ReceiptHandle: string | undefined): Promise<unknown> =>
      fixture.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    await remove(old?.ReceiptHandle);
    expect((await fixture.attributes(url))['ApproximateNumberOfMessagesNotVisible']).toBe('1');
    await remove(message?.ReceiptHandle);
    await remove(message?.ReceiptHandle);
    fixture.clock.advance(1_000);
    expect(await fixture.receive(url)).toEqual([]);
  });

  test('can be given back at once, or kept longer', async () => {
    const url = await create();
    await fixture.send(url, 'x');
    const change = async (VisibilityTimeout: number): Promise<void> => {
      const [message] = await fixture.receive(url);
      await fixture.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    };
    await change(0);
    await change(60);
    fixture.clock.advance(59_999);
    expect(await fixture.receive(url)).toEqual([]);
    fixture.clock.advance(1);
    expect(await fixture.bodies(url)).toEqual(['x']);
  });

  test('can be delayed, by itself or by its queue', async () => {
    const url = await create({ DelaySeconds: '10' });
    await fixture.send(url, 'as the queue says');
    await fixture.send(url, 'later', { DelaySeconds: 20 });
    await fixture.send(url, 'now', { DelaySeconds: 0 });
    expect(await fixture.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesDelayed: '2',
    });
    expect(await fixture.bodies(url)).toEqual(['now']);
    fixture.clock.advance(10_000);
    expect(await fixture.bodies(url)).toEqual(['as the queue says']);
    fixture.clock.advance(10_000);
    expect(await fixture.bodies(url)).toEqual(['later']);
  });

  test('is gone when it has been there for the retention period, in flight or not', async () => {
    const url = await create({ MessageRetentionPeriod: '60' });
    await fixture.send(url, 'old');
    await fixture.receive(url);
    fixture.clock.advance(59_999);
    await fixture.send(url, 'new');
    fixture.clock.advance(1);
    expect(
      fixture.sqs
        .queue(`queue-${made}`)
        ?.messages()
        .map(({ body }) => body),
    ).toEqual(['new']);
  });

  test('of 1 MiB gets in and out', async () => {
    const url = await create();
    const body = '"'.repeat(1_048_576);
    await fixture.send(url, body);
    expect(await fixture.bodies(url)).toEqual([body]);
  });
});

test('batches of ten: sent, received, kept longer, deleted', async () => {
  const url = await create();
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: `id-${index}`,
    MessageBody: String(index),
  }));
  const sent = await fixture.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  expect(sent.Successful).toHaveLength(10);
  expect(sent.Failed).toBeUndefined();
  const messages = await fixture.receive(url);
  expect(messages.map(({ MessageId }) => MessageId)).toEqual(
    sent.Successful?.map(({ MessageId }) => MessageId),
  );
  const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await fixture.client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: handles.map((entry) => ({ ...entry, VisibilityTimeout: 100 })),
    }),
  );
  fixture.clock.advance(99_000);
  expect(await fixture.receive(url)).toEqual([]);
  await fixture.client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: handles }));
  fixture.clock.advance(100_000);
  expect(await fixture.receive(url)).toEqual([]);
});
