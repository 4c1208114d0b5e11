import { describe, expect, it } from 'vitest';

import { publication, snsEvent } from './event.ts';

describe('snsEvent', () => {
  it('has every member a real record has, and says twice what it says twice', () => {
    const [record] = snsEvent(['plain'], 'orders').Records;
    const topic = 'arn:aws:sns:eu-west-1:123456789012:orders';
    expect(record).toMatchObject({
      EventVersion: '1.0',
      EventSource: 'aws:sns',
      EventSubscriptionArn: expect.stringMatching(new RegExp(`^${topic}:[0-9a-f-]{36}$`)),
      Sns: { Type: 'Notification', TopicArn: topic, Message: 'plain', MessageAttributes: {}, Subject: null },
    });
    expect(record?.Sns.UnsubscribeUrl).toContain(record?.EventSubscriptionArn);
  });

  it('says what a publication states', () => {
    const [record] = snsEvent([
      publication({
        message: { id: 1 },
        subject: 'new',
        messageId: 'm1',
        topicArn: 'arn:aws:sns:eu-west-1:123456789012:other',
        timestamp: new Date('2026-01-02T03:04:05.678Z'),
        attributes: { n: 2, list: ['y'] },
      }),
    ]).Records;
    expect(record?.EventSubscriptionArn).toContain(':other:');
    expect(record?.Sns).toMatchObject({
      Message: '{"id":1}',
      Subject: 'new',
      MessageId: 'm1',
      Timestamp: '2026-01-02T03:04:05.678Z',
      MessageAttributes: {
        n: { Type: 'Number', Value: '2' },
        list: { Type: 'String.Array', Value: '["y"]' },
      },
    });
  });
});
