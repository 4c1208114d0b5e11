import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { decimal, dynamoStreamEvent, type ItemChange, kinesisEvent } from '../index.ts';

const added: ItemChange = { type: 'insert', after: { id: 'a', n: 1 } };
const changed: ItemChange = { type: 'modify', before: { id: 'a', n: 1 }, after: { id: 'a', n: 2 } };
const removed: ItemChange = { type: 'remove', before: { id: 'a', n: 2 } };

function first(changes: ItemChange[], options?: Parameters<typeof dynamoStreamEvent>[1]): DynamoDBRecord {
  return dynamoStreamEvent(changes, options).Records[0] ?? {};
}

describe('dynamoStreamEvent', () => {
  it('refuses an item without its key, and a modification of the key', () => {
    expect(() => dynamoStreamEvent([{ type: 'insert', after: { name: 'x' } }])).toThrow('no key "id"');
    expect(() => dynamoStreamEvent([{ type: 'modify', before: { id: 'a' }, after: { id: 'b' } }])).toThrow(
      'cannot change the key "id"',
    );
  });

  it.each([
    ['an empty set', { id: 'a', tags: new Set<string>() }, 'no empty sets'],
    ['NaN', { id: 'a', list: [Number.NaN] }, 'list[0]: DynamoDB has no NaN'],
    ['a mixed set', { id: 'a', tags: new Set(['a', 1]) as Set<never> }, 'all of one kind'],
  ])('refuses %s, which DynamoDB has not', (_, after, message) => {
    expect(() => dynamoStreamEvent([{ type: 'insert', after }])).toThrow(message);
  });

  it('marshalls values of every type as an event has them', () => {
    const after = {
      id: 'a',
      n: 1.5,
      big: 2n ** 70n,
      exact: decimal('3.14159265358979323846'),
      yes: true,
      none: null,
      gone: undefined,
      bytes: new Uint8Array([0, 1, 255]),
      list: ['x', { y: 1 }],
      map: { inner: { z: 'z' } },
      words: new Set(['a', 'b']),
      numbers: new Set([1, 2n]),
      blobs: new Set([new Uint8Array([1])]),
    };
    expect(first([{ type: 'insert', after }]).dynamodb?.NewImage).toEqual({
      id: { S: 'a' },
      n: { N: '1.5' },
      big: { N: '1180591620717411303424' },
      exact: { N: '3.14159265358979323846' },
      yes: { BOOL: true },
      none: { NULL: true },
      bytes: { B: 'AAH/' },
      list: { L: [{ S: 'x' }, { M: { y: { N: '1' } } }] },
      map: { M: { inner: { M: { z: { S: 'z' } } } } },
      words: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2'] },
      blobs: { BS: ['AQ=='] },
    });
  });

  it.each([
    ['NEW_AND_OLD_IMAGES', ['NewImage'], ['NewImage', 'OldImage'], ['OldImage']],
    ['NEW_IMAGE', ['NewImage'], ['NewImage'], []],
    ['OLD_IMAGE', [], ['OldImage'], ['OldImage']],
    ['KEYS_ONLY', [], [], []],
  ] as const)('shows what %s shows', (view, insert, modify, remove) => {
    const { Records } = dynamoStreamEvent([added, changed, removed], { view });
    const images = Records.map(({ dynamodb = {} }) =>
      Object.keys(dynamodb)
        .filter((name) => name.endsWith('Image'))
        .toSorted(),
    );
    expect(images).toEqual([[...insert], [...modify], [...remove]]);
    for (const { dynamodb } of Records)
      expect(dynamodb).toMatchObject({ Keys: { id: { S: 'a' } }, StreamViewType: view });
  });

  it('gives each record an id of its own and a higher sequence number', () => {
    const { Records } = dynamoStreamEvent([added, changed, removed]);
    expect(new Set(Records.map(({ eventID }) => eventID)).size).toBe(3);
    const numbers = Records.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
    expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(new Set(numbers).size).toBe(3);
  });

  it('counts the bytes of keys and images', () => {
    // id + a = 3, n + 1 = 3, and the key once more
    expect(first([added]).dynamodb?.SizeBytes).toBe(3 + 3 + 3);
    expect(first([changed], { view: 'KEYS_ONLY' }).dynamodb?.SizeBytes).toBe(3);
  });

  it('D4 marks the deletes of TTL, and no others', () => {
    expect(first([{ type: 'remove', before: { id: 'a' }, expired: true }]).userIdentity).toEqual({
      type: 'Service',
      principalId: 'dynamodb.amazonaws.com',
    });
    expect(first([removed])).not.toHaveProperty('userIdentity');
  });

  it('D9 adds the members of a tumbling window', () => {
    const event = dynamoStreamEvent([added], {
      changedAt: new Date('2026-05-01T10:00:42Z'),
      window: { state: { total: 1 }, seconds: 30, final: true },
    });
    expect(event).toMatchObject({
      window: { start: '2026-05-01T10:00:30Z', end: '2026-05-01T10:01:00Z' },
      state: { total: 1 },
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
      shardId: expect.stringContaining('shardId-'),
      eventSourceARN: event.Records[0]?.eventSourceARN,
    });
  });
});

describe('kinesisEvent', () => {
  it('D6 has base64 data, fractional seconds and ids of shard and number', () => {
    const { Records } = kinesisEvent(
      [
        { data: { page: '/' }, partitionKey: 'u1', arrivedAt: new Date(1_480_641_523_477) },
        { data: new Uint8Array([255, 0]) },
      ],
      { stream: 'clicks', shardId: 'shardId-000000000007' },
    );
    expect(Records[0]?.kinesis).toMatchObject({
      data: 'eyJwYWdlIjoiLyJ9',
      partitionKey: 'u1',
      approximateArrivalTimestamp: 1_480_641_523.477,
    });
    expect(Records[1]?.kinesis.data).toBe('/wA=');
    for (const { eventID, kinesis, eventSourceARN } of Records) {
      expect(eventID).toBe(`shardId-000000000007:${kinesis.sequenceNumber}`);
      expect(eventSourceARN).toMatch(/:stream\/clicks$/);
    }
    expect(BigInt(Records[1]?.kinesis.sequenceNumber ?? 0)).toBeGreaterThan(
      BigInt(Records[0]?.kinesis.sequenceNumber ?? 0),
    );
  });
});
