import {
  captureLogs,
  dynamoStreamEvent,
  invoke,
  kinesisAggregate,
  kinesisEvent,
  type TestWindow,
} from '@handlersmith/testing';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { kinesisHandler, permanent, skipped, streamHandler } from './index.ts';

const orders = (totals: number[], window: TestWindow = {}): DynamoDBStreamEvent =>
  dynamoStreamEvent(
    totals.map((total, index) => ({ type: 'insert', after: { id: `o${index}`, total } })),
    { window },
  );

const closed: object[] = [];
const summing = streamHandler(
  { logger: false, window: { initial: () => ({ total: 0 }) }, onPermanent: 'drop' },
  {
    insert: ({ state, after: { total } }) => {
      if (total === 13) throw new Error('not now');
      if (total === 14) throw permanent('never');
      if (total === 15) return skipped('nothing') as never;
      return { total: state.total + Number(total) };
    },
    close: ({ state, window }) => void closed.push({ ...state, ...window }),
  },
);

describe('tumbling windows', () => {
  it('D9 go from state to state', async () => {
    const first = await invoke(summing, orders([1, 2]));
    expect(first).toEqual({ state: { total: 3 }, batchItemFailures: [] });
    expect(await invoke(summing, orders([4], { state: first.state }))).toEqual({
      state: { total: 7 },
      batchItemFailures: [],
    });
  });

  it('D9 count what is finished, and nothing of what comes again', async () => {
    const event = orders([1, 13, 4]);
    expect(await invoke(summing, event)).toEqual({
      state: { total: 1 },
      batchItemFailures: [{ itemIdentifier: event.Records[1]?.dynamodb?.SequenceNumber }],
    });
  });

  it('D9 keep the state over records that need no work, are skipped or dropped', async () => {
    const event = dynamoStreamEvent(
      [
        { type: 'insert', after: { id: 'a', total: 1 } },
        { type: 'insert', after: { id: 'b', total: 14 } },
        { type: 'remove', before: { id: 'c' } },
        { type: 'insert', after: { id: 'd', total: 15 } },
      ],
      { window: {} },
    );
    expect(await invoke(summing, event)).toEqual({ state: { total: 1 }, batchItemFailures: [] });
  });

  it('D9 are closed once, at their end, when all records are finished', async () => {
    closed.length = 0;
    const final = { state: { total: 5 }, final: true } as const;
    await invoke(summing, orders([13], final));
    expect(closed).toEqual([]);
    expect(await invoke(summing, orders([], { ...final, early: true }))).toEqual({
      state: { total: 5 },
      batchItemFailures: [],
    });
    expect(closed).toEqual([
      {
        total: 5,
        start: expect.any(Date),
        end: expect.any(Date),
        shardId: expect.stringContaining('shardId-'),
        final: true,
        early: true,
      },
    ]);
  });

  it('D9 whose close fails come again', async () => {
    const handler = streamHandler(
      { logger: false, window: { initial: () => ({ total: 0 }) } },
      {
        insert: ({ state }) => state,
        close: () => Promise.reject(new Error('not now')),
      },
    );
    await expect(invoke(handler, orders([1], { final: true }))).rejects.toThrow('not now');
  });

  it.each([
    ['is too large', { text: 'é'.repeat(600_000) }, '1200011 bytes of JSON'],
    ['is no JSON', { big: 1n }, 'is not JSON'],
  ])('D9 a state that %s fails before the answer', async (_, state, message) => {
    const handler = streamHandler({ logger: false, window: { initial: () => ({}) } }, () => state);
    await expect(invoke(handler, orders([1]))).rejects.toThrow(message);
  });

  it('D9 a state that is too large fails before the window is closed: what comes again is not closed twice', async () => {
    let closings = 0;
    const handler = streamHandler(
      { logger: false, window: { initial: () => ({}) } },
      { insert: () => ({ text: 'x'.repeat(1_100_000) }), close: () => void closings++ },
    );
    await expect(invoke(handler, orders([1], { final: true }))).rejects.toThrow('bytes of JSON');
    expect(closings).toBe(0);
  });

  it('D9 a function that forgets the state fails its record aloud', async () => {
    const handler = streamHandler({ window: { initial: () => ({}) } }, (() => {}) as never);
    const { result, lines } = await captureLogs(() => invoke(handler, orders([1])));
    expect(result.batchItemFailures).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      error: { message: expect.stringContaining('must return the next state') },
    });
  });

  it('D9 a handler without a window refuses an event that has one, since Lambda would refuse its answer', async () => {
    await expect(
      invoke(
        streamHandler({ logger: false }, () => {}),
        orders([1]),
      ),
    ).rejects.toThrow('give the handler the option "window"');
    await expect(invoke(summing, dynamoStreamEvent([]))).rejects.toThrow('needs TumblingWindowInSeconds');
  });

  it('D9 are the same for Kinesis', async () => {
    let at: object = {};
    const handler = kinesisHandler(
      { logger: false, format: 'json', window: { initial: () => ({ count: 0 }) } },
      {
        data: async ({ state }) => Promise.resolve({ count: state.count + 1 }),
        close: ({ state }) => void (at = state),
      },
    );
    expect(
      await invoke(handler, kinesisEvent([{ data: 1 }, { data: 2 }], { window: { final: true } })),
    ).toEqual({
      state: { count: 2 },
      batchItemFailures: [],
    });
    expect(at).toEqual({ count: 2 });
  });

  it('D9 count none of the records that came in one when a later one of them fails: all of them come again', async () => {
    const handler = kinesisHandler(
      { logger: false, format: 'json', window: { initial: () => ({ count: 0 }) } },
      ({ data, state }) => {
        if (data === 'bad') throw new Error('not now');
        return { count: state.count + 1 };
      },
    );
    const event = kinesisEvent(
      [{ data: 1 }, kinesisAggregate([{ data: 2 }, { data: 3 }, { data: 'bad' }]), { data: 4 }],
      { window: {} },
    );
    expect(await invoke(handler, event)).toEqual({
      state: { count: 1 },
      batchItemFailures: [{ itemIdentifier: event.Records[1]?.kinesis.sequenceNumber }],
    });
  });
});
