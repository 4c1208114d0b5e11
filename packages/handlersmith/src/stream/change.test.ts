import { captureLogs, dynamoStreamEvent, frozen, type ItemChange, invoke } from '@handlersmith/testing';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { streamHandler } from './index.ts';

const quiet = { logger: false } as const;
const inserts = (...ids: string[]): ItemChange[] => ids.map((id) => ({ type: 'insert', after: { id } }));
const three: ItemChange[] = [
  { type: 'insert', after: { id: 'a', n: 1 } },
  { type: 'modify', before: { id: 'a', n: 1 }, after: { id: 'a', n: 2 } },
  { type: 'remove', before: { id: 'a', n: 2 } },
];
const numberOf = (event: DynamoDBStreamEvent, index: number): string =>
  event.Records[index]?.dynamodb?.SequenceNumber ?? 'there is no such record';
const failure = (event: DynamoDBStreamEvent, index: number): object => ({
  batchItemFailures: [{ itemIdentifier: numberOf(event, index) }],
});
const none = { batchItemFailures: [] };

describe('changes', () => {
  it('D2 have the images of their type, and no others', async () => {
    const seen: object[] = [];
    const handler = streamHandler(quiet, ({ type, keys, ...rest }) => {
      seen.push({
        type,
        keys,
        ...('before' in rest ? { before: rest.before } : {}),
        ...('after' in rest ? { after: rest.after } : {}),
      });
    });
    expect(await invoke(handler, frozen(dynamoStreamEvent(three)))).toEqual(none);
    expect(seen).toEqual([
      { type: 'insert', keys: { id: 'a' }, after: { id: 'a', n: 1 } },
      { type: 'modify', keys: { id: 'a' }, before: { id: 'a', n: 1 }, after: { id: 'a', n: 2 } },
      { type: 'remove', keys: { id: 'a' }, before: { id: 'a', n: 2 } },
    ]);
  });

  it.each([
    ['NEW_IMAGE', [['after'], ['after'], []]],
    ['OLD_IMAGE', [[], ['before'], ['before']]],
    ['KEYS_ONLY', [[], [], []]],
  ] as const)('D2 images that %s leaves out are absent, not empty', async (view, expected) => {
    const seen: string[][] = [];
    const handler = streamHandler({ ...quiet, view }, (change) => {
      seen.push(['before', 'after'].filter((name) => name in change));
      expect(change.keys).toEqual({ id: 'a' });
    });
    await invoke(handler, dynamoStreamEvent(three, { view }));
    expect(seen).toEqual(expected);
  });

  it('D2 a stream that shows less than the handler expects fails aloud, and drops nothing', async () => {
    const event = dynamoStreamEvent(three, { view: 'KEYS_ONLY' });
    const { result, lines } = await captureLogs(() =>
      invoke(
        streamHandler({ onPermanent: 'drop' }, () => {}),
        event,
      ),
    );
    expect(result).toEqual(failure(event, 0));
    expect(lines[0]).toMatchObject({
      error: {
        message: expect.stringContaining(
          'the stream shows KEYS_ONLY, the handler expects NEW_AND_OLD_IMAGES',
        ),
      },
    });
  });

  it('D3 keep the digits of numbers, decode bytes and make sets', async () => {
    let seen: unknown;
    const event = dynamoStreamEvent([
      {
        type: 'insert',
        after: { id: 'a', big: 2n ** 60n, bytes: new Uint8Array([7]), tags: new Set(['x']), nil: null },
      },
    ]);
    const watch = (numbers?: 'string') =>
      streamHandler(
        { ...quiet, ...(numbers && { numbers }) },
        { insert: ({ after }) => void (seen = after) },
      );
    await invoke(watch(), event);
    expect(seen).toEqual({
      id: 'a',
      big: 2n ** 60n,
      bytes: Buffer.from([7]),
      tags: new Set(['x']),
      nil: null,
    });
    await invoke(watch('string'), event);
    expect(seen).toMatchObject({ big: '1152921504606846976' });
  });

  it('D4 tell deletes of TTL from all others', async () => {
    const seen: boolean[] = [];
    const handler = streamHandler(quiet, { remove: ({ expired }) => void seen.push(expired) });
    await invoke(
      handler,
      dynamoStreamEvent([
        { type: 'remove', before: { id: 'a' }, expired: true },
        { type: 'remove', before: { id: 'b' } },
      ]),
    );
    expect(seen).toEqual([true, false]);
  });

  it('carry id, place and time', async () => {
    const changedAt = new Date('2026-05-01T10:00:00Z');
    const event = dynamoStreamEvent(inserts('a'), { changedAt });
    let seen: object = {};
    await invoke(
      streamHandler(quiet, ({ eventId, sequenceNumber, changedAt: at, record }) => {
        seen = { eventId, sequenceNumber, at, record };
      }),
      event,
    );
    expect(seen).toEqual({
      eventId: event.Records[0]?.eventID,
      sequenceNumber: numberOf(event, 0),
      at: changedAt,
      record: event.Records[0],
    });
  });

  it('without a function need no work, not even reading', async () => {
    const event = dynamoStreamEvent(three);
    const broken = structuredClone(event);
    for (const { dynamodb } of broken.Records.slice(0, 2))
      Object.assign(dynamodb ?? {}, { NewImage: { a: { X: 1 } } });
    let removed = 0;
    const handler = streamHandler(quiet, { remove: () => void removed++ });
    expect(await invoke(handler, broken)).toEqual(none);
    expect(removed).toBe(1);
  });

  it('of a kind that nobody knows are not passed over', async () => {
    const event = dynamoStreamEvent(inserts('a', 'b'));
    Object.assign(event.Records[1] ?? {}, { eventName: 'TRUNCATE' });
    expect(
      await invoke(
        streamHandler({ ...quiet, onPermanent: 'drop' }, () => {}),
        event,
      ),
    ).toEqual(failure(event, 1));
  });
});
