import { array, assert, integer, property, string } from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import type { MovableClock } from '../clock/clock.ts';
import type { TableTrigger } from '../template/app.ts';
import type { Invoked } from './invoke.ts';
import { lanes, processBatch } from './shard.ts';
import type { ShardOptions, ShardRecord } from './shard.ts';
import { tumblingWindows } from './window.ts';

const place = { file: 'template.yaml', line: 1 };
const start = Date.parse('2026-03-01T00:00:00Z');

let clock: MovableClock;
/** Sequence numbers of each invocation. */
let invocations: string[][];
let delivered: unknown[];
let told: string[];

beforeEach(() => {
  clock = manualClock(start);
  invocations = [];
  delivered = [];
  told = [];
});

function record(sequenceNumber: number, key = 'k', arrivedAt: number = start): ShardRecord {
  return {
    sequenceNumber: String(sequenceNumber),
    key,
    arrivedAt,
    trace: undefined,
    record: { n: sequenceNumber },
  };
}

const measured = { duration: 1, memoryUsed: 1, requestId: 'r1' };
const done: Invoked = { ok: true, payload: 'null', ...measured };
const failed: Invoked = {
  ok: false,
  reason: 'error',
  error: { errorType: 'Error', errorMessage: 'boom', trace: [] },
  ...measured,
};
const partly = (itemIdentifier: string): Invoked => ({
  ok: true,
  payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier }] }),
  ...measured,
});

function options(
  change: Partial<TableTrigger>,
  run: (numbers: readonly string[], event: unknown) => Invoked,
): ShardOptions {
  return {
    trigger: {
      type: 'dynamodb',
      function: 'F',
      id: 'Stream',
      place,
      enabled: true,
      source: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/1',
      startingPosition: 'LATEST',
      batchSize: 100,
      window: 0,
      parallelization: 1,
      bisect: false,
      maximumRetries: -1,
      maximumAge: -1,
      reportFailures: true,
      tumblingWindow: 0,
      filters: [],
      ...change,
    },
    shardId: 'shard-1',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    invoke: async ({ event }) => {
      const numbers = (event as { Records: { n: number }[] }).Records.map(({ n }) => String(n));
      invocations.push(numbers);
      // Whoever waits for a retry need not wait in real time.
      setImmediate(() => clock.advance(60_000));
      return run(numbers, event);
    },
    deliver: async (_, body) => void delivered.push(body),
    clock,
    tell: ({ text }) => void told.push(text),
    signal: new AbortController().signal,
  };
}

describe('D1 a shard', () => {
  test('goes on from the lowest number that failed', async () => {
    let left = 1;
    const records = [1, 2, 3, 4].map((n) => record(n));
    await processBatch(
      options({}, () => {
        left -= 1;
        return left >= 0 ? partly('3') : done;
      }),
      records,
    );
    expect(invocations).toEqual([
      ['1', '2', '3', '4'],
      ['3', '4'],
    ]);
  });

  test('tries the whole batch again where the function failed or answered nonsense', async () => {
    const results = [failed, { ...done, payload: '"nonsense"' }, done];
    await processBatch(
      options({}, () => results.shift() ?? done),
      [record(1), record(2)],
    );
    expect(invocations).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  test('gives a batch up after its retries, and says where it was', async () => {
    const onFailure = 'arn:aws:sqs:us-east-1:000000000000:lost';
    await processBatch(
      options({ maximumRetries: 1, onFailure }, () => failed),
      [record(1), record(2)],
    );
    expect(invocations).toHaveLength(2);
    expect(delivered).toEqual([
      expect.objectContaining({
        version: '1.0',
        requestContext: expect.objectContaining({
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
          requestId: 'r1',
        }),
        DDBStreamBatchInfo: expect.objectContaining({
          shardId: 'shard-1',
          startSequenceNumber: '1',
          endSequenceNumber: '2',
          batchSize: 2,
        }),
      }),
    ]);
  });

  test('never loses records silently: without a destination it is told', async () => {
    await processBatch(
      options({ maximumRetries: 0 }, () => failed),
      [record(1)],
    );
    expect(told).toEqual([expect.stringContaining('1 records lost (RetryAttemptsExhausted): 1 to 1')]);
  });

  test('halves a batch that fails where it may, down to the record that is bad', async () => {
    const destination = { onFailure: 'arn:aws:sqs:us-east-1:000000000000:lost' };
    await processBatch(
      options({ bisect: true, maximumRetries: 0, reportFailures: false, ...destination }, (numbers) =>
        numbers.includes('3') ? failed : done,
      ),
      [1, 2, 3, 4].map((n) => record(n)),
    );
    expect(invocations).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['4']]);
    expect(delivered).toEqual([
      expect.objectContaining({
        DDBStreamBatchInfo: expect.objectContaining({ batchSize: 1, startSequenceNumber: '3' }),
      }),
    ]);
  });

  test('gives up records that are too old, and goes on with the younger ones', async () => {
    clock.advance(120_000);
    const onFailure = 'arn:aws:sqs:us-east-1:000000000000:lost';
    await processBatch(
      options({ maximumAge: 60, onFailure }, () => done),
      [record(1), record(2, 'k', start + 100_000)],
    );
    expect(invocations).toEqual([['2']]);
    expect(delivered).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'RecordAgeExceeded' }),
      }),
    ]);
  });
});

test('D7 lanes keep what shares a key together and in order, and lose nothing', () => {
  assert(
    property(array(string({ maxLength: 3 })), integer({ min: 1, max: 10 }), (keys, count) => {
      const records = keys.map((key, index) => record(index, key));
      const split = lanes(records, count);
      expect(split.length).toBeLessThanOrEqual(count);
      expect(
        split
          .flat()
          .map(({ sequenceNumber }) => Number(sequenceNumber))
          .toSorted((a, b) => a - b),
      ).toEqual(keys.map((_, index) => index));
      for (const key of new Set(keys)) {
        const homes = split.filter((lane) => lane.some((one) => one.key === key));
        expect(homes).toHaveLength(1);
        const order = homes[0]
          ?.filter((one) => one.key === key)
          .map(({ sequenceNumber }) => Number(sequenceNumber));
        expect(order).toEqual(order?.toSorted((a, b) => a - b));
      }
    }),
  );
});

test('D9 a window hands its state on and ends with an invocation of its own', async () => {
  const events: Record<string, unknown>[] = [];
  const windows = tumblingWindows(
    options({ tumblingWindow: 10 }, (numbers, event) => {
      events.push(event as Record<string, unknown>);
      const sum = ((event as { state: { sum?: number } }).state.sum ?? 0) + numbers.length;
      return { ...done, payload: JSON.stringify({ state: { sum } }) };
    }),
  );
  await windows.take([record(1), record(2)]);
  await windows.take([record(3), record(4, 'k', start + 10_000)]);
  clock.advance(600_000);
  await windows.endIfOver();
  expect(events.map(({ state, isFinalInvokeForWindow: isFinal }) => [state, isFinal])).toEqual([
    [{}, false],
    [{ sum: 2 }, false],
    [{ sum: 3 }, true],
    [{}, false],
    [{ sum: 1 }, true],
  ]);
  expect(events[0]).toMatchObject({
    window: { start: '2026-03-01T00:00:00.000Z', end: '2026-03-01T00:00:10.000Z' },
    shardId: 'shard-1',
    isWindowTerminatedEarly: false,
  });
});

test('D9 the end of a window is tried again as a batch is, and told of where it is given up', async () => {
  const ends: unknown[] = [];
  const windows = tumblingWindows(
    options({ tumblingWindow: 10, maximumRetries: 2 }, (_, event) => {
      const { isFinalInvokeForWindow: isFinal, state } = event as {
        isFinalInvokeForWindow: boolean;
        state: unknown;
      };
      if (isFinal) ends.push(state);
      return isFinal ? failed : { ...done, payload: '{"state":{"sum":1}}' };
    }),
  );
  await windows.take([record(1)]);
  clock.advance(600_000);
  await windows.endIfOver();
  expect(ends).toEqual([{ sum: 1 }, { sum: 1 }, { sum: 1 }]);
  expect(told).toEqual(['Stream: the window of 2026-03-01T00:00:00.000Z lost with its state']);
});

test('D9 a window whose state is larger than 1 MB ends early, with that state', async () => {
  const events: Record<string, unknown>[] = [];
  const windows = tumblingWindows(
    options({ tumblingWindow: 10 }, (_, event) => {
      events.push(event as Record<string, unknown>);
      return { ...done, payload: JSON.stringify({ state: { text: 'x'.repeat(1024 * 1024) } }) };
    }),
  );
  await windows.take([record(1)]);
  expect(events.map((event) => [event['isFinalInvokeForWindow'], event['isWindowTerminatedEarly']])).toEqual([
    [false, false],
    [true, true],
  ]);
  expect(events[1]).toMatchObject({ Records: [], state: { text: expect.stringMatching(/^x+$/u) } });
});

test('D9 records that come again after a fault come to the state they came to before', async () => {
  const states: unknown[] = [];
  let isBroken = true;
  const given = options(
    { tumblingWindow: 10, maximumRetries: 0, onFailure: 'arn:lost' },
    (numbers, event) => {
      const { state } = event as { state: { sum?: number } };
      states.push(state);
      return numbers.includes('3')
        ? failed
        : { ...done, payload: `{"state":{"sum":${(state.sum ?? 0) + 1}}}` };
    },
  );
  const windows = tumblingWindows({
    ...given,
    deliver: async () => {
      if (isBroken) throw new Error('There is no queue');
    },
  });
  await windows.take([record(1)]);
  const records = [record(2), record(3, 'k', start + 10_000)];
  await expect(windows.take(records)).rejects.toThrow('There is no queue');
  isBroken = false;
  await windows.take(records);
  expect(states.filter((state) => (state as { sum?: number }).sum === 1)).toHaveLength(2);
});
