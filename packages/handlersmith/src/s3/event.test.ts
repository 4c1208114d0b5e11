import {
  frozen,
  s3BridgeEvent,
  s3Event,
  type S3EventObject,
  s3TestEvent,
  snsEnvelope,
  snsEvent,
  sqsEvent,
} from '@handlersmith/testing';
import type { S3Event } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { deliveryOf } from './event.ts';
import { type ObjectNotification, s3Handler } from './index.ts';

/** What a handler sees of an event's objects, in the order of their keys and names. */
async function seen(event: unknown): Promise<readonly ObjectNotification[]> {
  const objects: ObjectNotification[] = [];
  const handler = s3Handler({ logger: false }, ({ object }) => {
    objects.push({ ...object });
  });
  await handler(frozen(event) as S3Event); // of any shape: that is what is tested
  return objects.toSorted((one, other) => (one.key + one.eventName < other.key + other.eventName ? -1 : 1));
}

/** Each way that a notification takes to a function. */
const ways: Readonly<Record<string, (event: S3Event) => unknown>> = {
  S3: (event) => event,
  SNS: (event) => snsEvent([event]),
  SQS: (event) => sqsEvent([{ body: event }]),
  'SNS and SQS': (event) => sqsEvent([snsEnvelope({ message: event })]),
  'SNS delivering raw, and SQS': (event) => sqsEvent([JSON.stringify(event)]),
  'SNS, a record a message': ({ Records }) => snsEvent(Records.map((record) => ({ Records: [record] }))),
  'SQS, a record a message': ({ Records }) =>
    sqsEvent(Records.map((record) => ({ body: { Records: [record] } }))),
};

const anyObject: fc.Arbitrary<S3EventObject> = fc.record(
  {
    key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 24 }).filter((text) => text.isWellFormed()),
    event: fc.constantFrom('ObjectCreated:Put', 'ObjectRemoved:Delete', 'ObjectTagging:Put'),
    size: fc.nat(),
    versionId: fc.constantFrom('v1', 'null'),
  },
  { requiredKeys: ['key'] },
);

describe('envelopes', () => {
  it.each(Object.keys(ways))('S6 gives the same objects through %s', async (way) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyObject, { maxLength: 5, selector: ({ key }) => key }),
        async (objects) => {
          const event = s3Event(objects);
          const expected = await seen(event);
          expect(expected.map(({ key }) => key).toSorted()).toEqual(objects.map(({ key }) => key).toSorted());
          expect(await seen(ways[way]?.(event))).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ['ObjectCreated:Put', 'created'],
    ['ObjectCreated:CompleteMultipartUpload', 'created'],
    ['ObjectRemoved:Delete', 'removed'],
    ['ObjectRemoved:DeleteMarkerCreated', 'removed'],
    ['LifecycleExpiration:Delete', 'removed'],
    ['ObjectRestore:Completed', 'other'],
    ['ObjectTagging:Put', 'other'],
    ['LifecycleTransition', 'other'],
  ])('S6 gives the same object through EventBridge: %s', async (event, kind) => {
    const stated = {
      key: 'in/100%25 a+b.jpg', // as it is: EventBridge encodes no keys
      event,
      versionId: 'v1',
      sequencer: '0A',
      time: new Date('2026-01-02T03:04:05Z'),
    };
    const [direct] = await seen(s3Event([stated]));
    expect(direct).toMatchObject({ kind, eventName: event, key: stated.key, eventTime: stated.time });
    const bridge = s3BridgeEvent(stated);
    expect(await seen(bridge)).toEqual([direct]);
    expect(await seen(sqsEvent([{ body: bridge }]))).toEqual([direct]);
    expect(await seen(snsEvent([bridge]))).toEqual([direct]);
  });

  it('S2 knows no size and no ETag of removed objects, and fields that AWS adds do not matter', async () => {
    const event = s3Event([{ key: 'a', event: 'ObjectRemoved:Delete', sequencer: '0A' }]);
    const [record] = event.Records;
    const later = { Records: [{ ...record, eventVersion: '2.4', newField: {} }] };
    expect(await seen(later)).toMatchObject([
      { size: undefined, etag: undefined, versionId: undefined, sequencer: '0A', kind: 'removed' },
    ]);
  });
});

describe('the test event of S3', () => {
  it.each([
    ['as it is', s3TestEvent(), undefined],
    ['in SNS', snsEvent([s3TestEvent()]), undefined],
    ['in SQS', sqsEvent([{ body: s3TestEvent() }]), { batchItemFailures: [] }],
    ['in SNS and SQS', sqsEvent([snsEnvelope({ message: s3TestEvent() })]), { batchItemFailures: [] }],
  ])('S5 is ignored quietly: %s', async (_, event, answer) => {
    const handler = s3Handler({ logger: false }, () => {
      throw new Error('never');
    });
    expect(await handler(event as never)).toEqual(answer); // each has its own type
  });

  it('S5 does not keep its neighbours from running', async () => {
    const event = sqsEvent([{ body: s3TestEvent() }, { body: s3Event(['a']) }]);
    expect(await seen(event)).toMatchObject([{ key: 'a' }]);
  });
});

describe('foreign events', () => {
  const [message] = sqsEvent(['x']).Records;
  it.each([
    ['nothing', undefined, 'got undefined'],
    ['an object', { detail: 'secret' }, 'keys detail'],
    ['Records that are no list', { Records: 'secret' }, 'keys Records'],
    [
      'records of a stream',
      { Records: [{ eventSource: 'aws:dynamodb', dynamodb: 'secret' }] },
      'keys eventSource',
    ],
    ['another source of EventBridge', { source: 'aws.ec2', detail: { secret: 1 } }, 'keys source, detail'],
    ['messages among records', { Records: [...s3Event(['a']).Records, message] }, 'keys messageId'],
    ['messages without an id', { Records: [{ ...message, messageId: '' }] }, 'keys messageId'],
  ])('A9 are refused by the keys that came: %s', async (_, event, told) => {
    const handler = s3Handler({ logger: false }, () => {});
    const answer = handler(event as never); // that is what is tested
    await expect(answer).rejects.toThrow(TypeError);
    await expect(answer).rejects.toThrow(told);
    await expect(answer).rejects.not.toThrow('secret');
  });
});

describe('records that cannot be read', () => {
  const good = s3Event(['good']).Records[0];
  it.each([
    ['without an object', { ...good, s3: { bucket: { name: 'b' } } }],
    ['without a bucket', { ...good, s3: { object: { key: 'k' } } }],
    ['of another version', { ...good, eventVersion: '3.0' }],
    ['with a bucket that is no name', { ...good, s3: { bucket: { name: 1 }, object: { key: 'k' } } }],
    ['with a key that is no text', { ...good, s3: { bucket: { name: 'b' }, object: { key: 1 } } }],
    ['without a name', { ...good, eventName: undefined }],
    ['with nothing where the object should be', { ...good, s3: null }],
  ])('S2 fail alone: %s', async (_, bad) => {
    const keys: string[] = [];
    const handler = s3Handler({ logger: false }, ({ object }) => keys.push(object.key));
    const event = { Records: [bad, good] };
    await expect(handler(event as S3Event)).rejects.toThrow('1 of 2 S3 records failed');
    expect(keys).toEqual(['good']);
  });

  it.each([
    ['text', 'not JSON with a secret'],
    ['another event', JSON.stringify({ secret: 1 })],
    ['a list', '[]'],
    ['null', 'null'],
    ['an envelope without text', JSON.stringify({ Type: 'Notification', Message: { secret: 1 } })],
    ['a message in a message', JSON.stringify(sqsEvent([{ body: s3Event(['a']) }]))],
  ])('Q2 a message of %s fails alone', async (_, body) => {
    const keys: string[] = [];
    const handler = s3Handler({ logger: false }, ({ object }) => keys.push(object.key));
    const event = sqsEvent([body, { body: s3Event(['good']) }]);
    expect(await handler(event)).toEqual({
      batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }],
    });
    expect(keys).toEqual(['good']);
  });

  it.each<[string, object]>([
    ['without an object', { bucket: { name: 'b' } }],
    ['without a bucket', { object: { key: 'k' } }],
    ['with a bucket that is no name', { bucket: { name: 1 }, object: { key: 'k' } }],
    ['with a key that is no text', { bucket: { name: 'b' }, object: { key: 1 } }],
  ])('S6 an EventBridge event %s fails', async (_, detail) => {
    const handler = s3Handler({ logger: false }, () => {});
    const event = { ...s3BridgeEvent('a'), detail };
    await expect(handler(event as never)).rejects.toThrow('1 of 1 S3 records failed');
  });

  it('S6 an EventBridge event without a type fails, whatever its object', async () => {
    const event = { ...s3BridgeEvent('a'), 'detail-type': undefined };
    await expect(s3Handler({ logger: false }, () => {})(event as never)).rejects.toThrow('1 of 1');
  });

  it.each([
    ['nothing', null],
    ['a text', 'secret'],
    ['a record of a stream', { eventSource: 'aws:dynamodb', s3: good?.s3, eventName: 'ObjectCreated:Put' }],
    ['a message of SNS without a message', { EventSource: 'aws:sns' }],
  ])('S6 in a message, %s among records fails the message, and no neighbour', async (_, record) => {
    const keys: string[] = [];
    const handler = s3Handler({ logger: false }, ({ object }) => keys.push(object.key));
    const event = sqsEvent([{ body: { Records: [record, good] } }]);
    expect((await handler(event)).batchItemFailures).toHaveLength(1);
    expect(keys).toEqual(['good']);
  });

  it('S2 fields of another kind than they should be count as absent', async () => {
    const odd = { size: '12', eTag: 1, versionId: '', sequencer: null };
    const record = { ...good, s3: { ...good?.s3, object: { key: 'k', ...odd } } };
    const [object] = await seen({ Records: [record] });
    expect(object).toMatchObject({
      size: undefined,
      etag: undefined,
      versionId: undefined,
      sequencer: undefined,
    });
  });

  it('S6 an EventBridge reason that names something else of an object is a plain put', async () => {
    const { detail, ...event } = s3BridgeEvent('a');
    const [object] = await seen({ ...event, detail: { ...detail, reason: 'constructor' } });
    expect(object?.eventName).toBe('ObjectCreated:Put');
    const [unknownType] = await seen({ ...event, detail, 'detail-type': 'toString' });
    expect(unknownType?.eventName).toBe('toString');
  });
});

describe('the id that ties the lines of an invocation together', () => {
  const one = s3Event(['a']);
  const two = s3Event(['a', 'b']);
  const throughSns = snsEvent([one]);
  const bridged = s3BridgeEvent('a');
  it.each<[string, unknown, string | undefined]>([
    ["is S3's of its request", one, one.Records[0]?.responseElements['x-amz-request-id']],
    ["is SNS's of its message", throughSns, throughSns.Records[0]?.Sns.MessageId],
    ["is EventBridge's of the event", bridged, bridged.id],
    ['is none where there are several records', two, undefined],
    [
      'is none where it is no id',
      { Records: [{ ...one.Records[0], responseElements: undefined }] },
      undefined,
    ],
    ['is none where it is empty', { ...bridged, id: '' }, undefined],
  ])('O1 %s', (_, event, id) => {
    expect(deliveryOf(event)).toMatchObject({ carrier: 'direct', id });
  });
});
