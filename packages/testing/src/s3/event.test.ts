import { describe, expect, it } from 'vitest';

import { snsEvent } from '../sns/event.ts';
import { s3BridgeEvent } from './bridge.ts';
import { s3Event, s3TestEvent } from './event.ts';

describe('s3Event', () => {
  it('computes what a real event says of an object that was put', () => {
    const [record] = s3Event([{ key: 'in/red flower+ü.jpg', body: 'hello', versionId: 'v1' }], {
      bucket: 'photos',
    }).Records;
    expect(record).toMatchObject({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'photos', arn: 'arn:aws:s3:::photos' },
        object: {
          key: 'in/red+flower%2B%C3%BC.jpg',
          size: 5,
          eTag: '5d41402abc4b2a76b9719d911017c592', // md5 of "hello"
          versionId: 'v1',
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
      },
    });
  });

  it('says neither size nor ETag of removed objects, and orders only what was created or removed', () => {
    const [removed, tagged] = s3Event([
      { key: 'a', event: 'ObjectRemoved:Delete' },
      { key: 'a', event: 'ObjectTagging:Put' },
    ]).Records;
    expect(Object.keys(removed?.s3.object ?? {})).toEqual(['key', 'sequencer']);
    expect(Object.keys(tagged?.s3.object ?? {})).toEqual(['key', 'size', 'eTag']);
  });

  it('lets sequencers rise, within and across events', () => {
    const sequencers = [s3Event(['a', 'b']), s3Event(['c'])].flatMap(({ Records }) =>
      Records.map((record) => record.s3.object.sequencer),
    );
    expect(sequencers).toEqual(sequencers.toSorted());
    expect(new Set(sequencers).size).toBe(3);
  });

  it('builds the test event, which has no records', () => {
    expect(s3TestEvent()).toMatchObject({ Event: 's3:TestEvent', Bucket: 'test-bucket' });
    expect(s3TestEvent()).not.toHaveProperty('Records');
  });
});

describe('s3BridgeEvent', () => {
  it('has names and types of its own, and the key as it is', () => {
    expect(
      s3BridgeEvent({ key: 'red flower.jpg', event: 'ObjectCreated:Copy', versionId: 'v1' }),
    ).toMatchObject({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      resources: ['arn:aws:s3:::test-bucket'],
      detail: { object: { key: 'red flower.jpg', size: 1024, 'version-id': 'v1' }, reason: 'CopyObject' },
    });
  });

  it.each([
    ['ObjectRemoved:DeleteMarkerCreated', 'DeleteObject', 'Delete Marker Created'],
    ['LifecycleExpiration:Delete', 'Lifecycle Expiration', 'Permanently Deleted'],
  ])('tells removals apart: %s', (event, reason, deletion) => {
    expect(s3BridgeEvent({ key: 'a', event })).toMatchObject({
      'detail-type': 'Object Deleted',
      detail: { reason, 'deletion-type': deletion },
    });
  });

  it('refuses what EventBridge does not send', () => {
    expect(() => s3BridgeEvent({ key: 'a', event: 'ReducedRedundancyLostObject' })).toThrow('sends no');
    expect(s3BridgeEvent({ key: 'a', event: 'ObjectTagging:Put' })['detail-type']).toBe('Object Tags Added');
  });
});

describe('snsEvent', () => {
  it('carries text as it is and all else as JSON', () => {
    const [text, json] = snsEvent(['plain', { a: 1 }]).Records;
    expect([text?.Sns.Message, json?.Sns.Message]).toEqual(['plain', '{"a":1}']);
    expect(text?.Sns.MessageId).not.toBe(json?.Sns.MessageId);
    expect(text?.EventSubscriptionArn).toContain(text?.Sns.TopicArn);
  });
});
