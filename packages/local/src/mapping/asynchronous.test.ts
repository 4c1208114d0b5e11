import { beforeEach, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import type { MovableClock } from '../clock/clock.ts';
import type { AppFunction, EventTrigger, InputTransformer } from '../template/app.ts';
import { asynchronous } from './asynchronous.ts';
import type { Asynchronous } from './asynchronous.ts';
import { eventBus } from './eventbridge.ts';
import type { EventBus } from './eventbridge.ts';
import type { Invoked } from './invoke.ts';
import { isNotified } from './s3.ts';

const place = { file: 'template.yaml', line: 1 };
const measured = { duration: 1, memoryUsed: 1, requestId: 'r1' };
const done: Invoked = { ok: true, payload: '"ok"', ...measured };
const failed = (reason: 'error' | 'throttled' = 'error'): Invoked => ({
  ok: false,
  reason,
  error: { errorType: 'Error', errorMessage: 'boom', trace: [] },
  ...measured,
});

let clock: MovableClock;
let times: number[];
let events: unknown[];
let delivered: [string, unknown][];
let told: string[];
let results: Invoked[];
let service: Asynchronous;

beforeEach(() => {
  clock = manualClock(new Date('2026-03-01T00:00:00Z'));
  times = [];
  events = [];
  delivered = [];
  told = [];
  results = [];
  service = asynchronous({
    clock,
    invoke: async ({ event }) => {
      times.push(clock.now() - Date.parse('2026-03-01T00:00:00Z'));
      events.push(event);
      return results.shift() ?? done;
    },
    deliver: async (arn, body) => void delivered.push([arn, body]),
    tell: ({ text }) => void told.push(text),
  });
});

function declared(change: Partial<AppFunction['asynchronous']> = {}): AppFunction {
  return {
    id: 'F',
    name: 'f',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    place,
    folder: '/',
    source: '/handler.ts',
    exported: 'handler',
    runtime: 'nodejs24.x',
    timeout: 3,
    memory: 128,
    environment: {},
    asynchronous: { retries: 2, maximumAge: 21_600, ...change },
  };
}

const trigger = { type: 's3', id: 'Upload', summary: 'x' };

/** Lets what waits for the clock come to its waiting, and moves it. */
async function pass(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
}

test('S4 a function that throws is tried again after one minute and after two more', async () => {
  results = [failed(), failed(), failed()];
  const accepted = service.accept(declared(), { trigger, event: { n: 1 }, traces: [] });
  await pass(59_999);
  expect(times).toEqual([0]);
  await pass(1);
  await pass(120_000);
  await accepted;
  expect(times).toEqual([0, 60_000, 180_000]);
  expect(told).toEqual(['F: event of Upload lost after 3 tries']);
});

test('S4 C2 an event that is done is not run again', async () => {
  results = [failed(), done];
  const accepted = service.accept(declared(), { trigger, event: { n: 1 }, traces: [] });
  await pass(60_000);
  await accepted;
  expect(times).toHaveLength(2);
  expect(told).toEqual([]);
});

test('what fails for good goes to the destination with all there is to know, and to the dead-letter queue as it came', async () => {
  results = [failed()];
  const lambda = declared({ retries: 0, onFailure: 'arn:lost', deadLetterArn: 'arn:dlq' });
  await service.accept(lambda, { trigger, event: { n: 1 }, traces: [] });
  expect(delivered).toEqual([
    [
      'arn:lost',
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 1 }),
        requestPayload: { n: 1 },
        responsePayload: { errorType: 'Error', errorMessage: 'boom', trace: [] },
      }),
    ],
    ['arn:dlq', { n: 1 }],
  ]);
});

test('a dead-letter queue is told why, and gets the event also where the destination is not there', async () => {
  const letters: unknown[] = [];
  const broken = asynchronous({
    clock,
    invoke: async () => failed(),
    deliver: async (arn, body, _, attributes) => {
      if (arn === 'arn:gone') throw new Error('There is nothing at arn:gone');
      letters.push([body, attributes]);
    },
    tell: ({ text }) => void told.push(text),
  });
  const lambda = declared({ retries: 0, onFailure: 'arn:gone', deadLetterArn: 'arn:dlq' });
  await broken.accept(lambda, { trigger, event: { n: 1 }, traces: [] });
  expect(letters).toEqual([[{ n: 1 }, { RequestID: 'r1', ErrorCode: 200, ErrorMessage: 'boom' }]]);
  expect(told).toEqual(['F: There is nothing at arn:gone']);
});

test('what is done goes to the destination for success', async () => {
  await service.accept(declared({ onSuccess: 'arn:next' }), { trigger, event: { n: 1 }, traces: [] });
  expect(delivered).toEqual([['arn:next', expect.objectContaining({ responsePayload: 'ok' })]]);
});

test('being throttled is no try, but age counts', async () => {
  results = Array.from({ length: 200 }, () => failed('throttled'));
  const accepted = service.accept(declared({ maximumAge: 60, retries: 0 }), {
    trigger,
    event: {},
    traces: [],
  });
  for (let second = 0; second < 62; second += 1) {
    // Each second depends on the one before.
    // oxlint-disable-next-line no-await-in-loop
    await pass(1_000);
  }
  await accepted;
  expect(times.length).toBeGreaterThan(55);
  expect(told).toEqual([expect.stringContaining('lost')]);
});

test('stopping ends the waiting, and tells what is lost by that', async () => {
  results = [failed()];
  void service.accept(declared(), { trigger, event: {}, traces: [] });
  await pass(0);
  expect(service.pending()).toBe(1);
  expect(told).toEqual([]);
  await service.stop();
  expect(service.pending()).toBe(0);
  expect(told).toEqual(['F: event of Upload lost before try 2: the app was ended']);
});

function toWhom(path: string): InputTransformer {
  return { paths: { to: path }, template: '{"text":"to <to>"}' };
}

test('a bus hands an event to the rules it matches', async () => {
  const rule = {
    type: 'eventbridge',
    function: 'F',
    place,
    enabled: true,
    bus: 'default',
    retries: 0,
  } as const;
  const busOf = (...triggers: readonly EventTrigger[]): EventBus =>
    eventBus({
      rules: triggers.map((one) => ({ trigger: one, declared: declared() })),
      asynchronous: service,
      clock,
      tell: ({ text }) => void told.push(text),
    });
  const bus = busOf(
    { ...rule, id: 'All', name: 'all', arn: 'a', pattern: { source: ['shop'] } },
    {
      ...rule,
      id: 'Big',
      name: 'big',
      arn: 'b',
      pattern: { detail: { total: [{ numeric: ['>', 100] }] } },
      inputPath: '$.detail',
    },
    {
      ...rule,
      id: 'Told',
      name: 'told',
      arn: 'd',
      pattern: { source: ['shop'] },
      inputTransformer: toWhom('$.source'),
    },
    {
      ...rule,
      id: 'Broken',
      name: 'e',
      arn: 'e',
      pattern: { source: ['shop'] },
      inputTransformer: toWhom('$.detail.by'),
    },
  );
  const event = { source: 'shop', 'detail-type': 'Sold', detail: { total: 120, by: '"me"' } };
  expect(bus.put('default', event, [])).toBe(4);
  expect(bus.put('other', event, [])).toBe(0);
  await service.stop();
  expect(events).toEqual([event, event.detail, { text: 'to shop' }]);
  expect(told).toEqual([expect.stringMatching(/^Broken, line 1: .* is no JSON: .*<to>/u)]);
  const wrong = { ...rule, id: 'Bad', name: 'bad', arn: 'c', pattern: { source: 'shop' } };
  expect(() => busOf(wrong)).toThrow('The pattern of Bad, line 1');
  expect(() => busOf({ ...wrong, pattern: { source: ['shop'] }, inputPath: 'detail' })).toThrow(
    'The input of Bad, line 1',
  );
});

test.each([
  [{ events: ['s3:ObjectCreated:*'] }, true],
  [{ events: ['s3:ObjectCreated:Put'] }, true],
  [{ events: ['s3:ObjectCreated:Copy'] }, false],
  [{ events: ['s3:ObjectRemoved:*'] }, false],
  [{ events: ['s3:*'], prefix: 'photos/' }, true],
  [{ events: ['s3:*'], prefix: 'thumbs/' }, false],
  [{ events: ['s3:*'], suffix: '.jpg' }, true],
  [{ events: ['s3:*'], suffix: '.png' }, false],
])('S1 %j takes a photo that was put: %s', (wanted, expected) => {
  expect(isNotified(wanted, { name: 'ObjectCreated:Put', key: 'photos/a b.jpg' })).toBe(expected);
});
