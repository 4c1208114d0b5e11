import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { md5OfAttributes, wireAttributes } from './attributes.ts';
import { snsEnvelope } from './envelope.ts';
import { sqsEvent } from './event.ts';

describe('sqsEvent', () => {
  it('says twice what a real event says twice', () => {
    const [record] = sqsEvent([
      { body: { id: 'é' }, attempt: 3, sentAt: new Date(1_520_621_625_029) },
    ]).Records;
    expect(record).toMatchObject({
      body: '{"id":"é"}',
      md5OfBody: createHash('md5').update('{"id":"é"}').digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:test-queue',
      awsRegion: 'eu-west-1',
      attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1520621625029' },
      messageAttributes: {},
    });
    expect(record).not.toHaveProperty('md5OfMessageAttributes');
    expect(record?.attributes).not.toHaveProperty('MessageGroupId');
  });

  it('sums a body as AWS does', () => {
    // From the sample event in the Lambda guide.
    const [record] = sqsEvent(['Test message.']).Records;
    expect(record?.md5OfBody).toBe('e4e68fb7bd0e697a0ae8f1bb342846b3');
  });

  it('gives each message an id and a receipt handle of its own', () => {
    const { Records } = sqsEvent(['a', 'a', 'a']);
    expect(new Set(Records.map(({ messageId }) => messageId)).size).toBe(3);
    expect(new Set(Records.map(({ receiptHandle }) => receiptHandle)).size).toBe(3);
  });

  it('types attributes by their values', () => {
    const [record] = sqsEvent([
      { attributes: { a: 'x', n: 1.5, b: Uint8Array.of(1, 2), own: { type: 'Number.int', value: '7' } } },
    ]).Records;
    expect(record?.messageAttributes).toMatchObject({
      a: { dataType: 'String', stringValue: 'x' },
      n: { dataType: 'Number', stringValue: '1.5' },
      b: { dataType: 'Binary', binaryValue: 'AQI=' },
      own: { dataType: 'Number.int', stringValue: '7' },
    });
    expect(record?.md5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  });

  it('numbers messages of a FIFO queue upwards, within and across events', () => {
    const queue = { queue: 'orders.fifo' };
    const events = [sqsEvent(['a', 'b'], queue), sqsEvent(['c'], queue)];
    const numbers = events.flatMap(({ Records }) =>
      Records.map(({ attributes }) => attributes.SequenceNumber ?? ''),
    );
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(3);
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect(events[0]?.Records[0]?.attributes).toMatchObject({
      MessageGroupId: 'default',
      MessageDeduplicationId: createHash('sha256').update('a').digest('hex'),
    });
  });

  it('knows groups of standard queues, but no deduplication', () => {
    expect(sqsEvent([{ groupId: 'tenant' }]).Records[0]?.attributes.MessageGroupId).toBe('tenant');
    expect(() => sqsEvent([{ deduplicationId: 'd' }])).toThrow('deduplicationId');
  });
});

describe('md5OfAttributes', () => {
  it('does not hang on the order of attributes', () => {
    const sum = md5OfAttributes(wireAttributes({ a: 'x', b: 1 }));
    expect(md5OfAttributes(wireAttributes({ b: 1, a: 'x' }))).toBe(sum);
    expect(md5OfAttributes(wireAttributes({ b: 1, a: 'y' }))).not.toBe(sum);
  });

  it('tells text from bytes', () => {
    const text = wireAttributes({ a: { type: 'Binary', value: 'x' } });
    const bytes = wireAttributes({ a: { type: 'Binary', value: Buffer.from('x') } });
    expect(md5OfAttributes(text)).not.toBe(md5OfAttributes(bytes));
  });
});

describe('snsEnvelope', () => {
  it('is what SNS puts into a queue', () => {
    const envelope: unknown = JSON.parse(
      snsEnvelope({
        message: { id: 1 },
        subject: 'new',
        timestamp: new Date('2026-01-02T03:04:05.678Z'),
        attributes: { a: 'x', n: 2, b: Uint8Array.of(1, 2), list: ['y', 1] },
      }),
    );
    expect(envelope).toMatchObject({
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:test-topic',
      Subject: 'new',
      Message: '{"id":1}',
      Timestamp: '2026-01-02T03:04:05.678Z',
      MessageAttributes: {
        a: { Type: 'String', Value: 'x' },
        n: { Type: 'Number', Value: '2' },
        b: { Type: 'Binary', Value: 'AQI=' },
        list: { Type: 'String.Array', Value: '["y",1]' },
      },
    });
  });
});
