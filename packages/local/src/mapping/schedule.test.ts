import { beforeEach, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import type { MovableClock } from '../clock/clock.ts';
import type { AppFunction, ScheduleTrigger } from '../template/app.ts';
import { asynchronous } from './asynchronous.ts';
import type { Asynchronous } from './asynchronous.ts';
import { scheduleMapping } from './schedule.ts';
import type { ScheduleMapping } from './schedule.ts';

const place = { file: 'template.yaml', line: 1 };
const declared: AppFunction = {
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
  asynchronous: { retries: 2, maximumAge: 21_600 },
};

let clock: MovableClock;
let events: unknown[];
let told: string[];
let service: Asynchronous;

beforeEach(() => {
  clock = manualClock(new Date('2026-03-01T00:00:00Z'));
  events = [];
  told = [];
  service = asynchronous({
    clock,
    invoke: async ({ event }) => {
      events.push(event);
      return { ok: true, payload: '"ok"', duration: 1, memoryUsed: 1, requestId: 'r1' };
    },
    deliver: () => Promise.resolve(),
    tell: ({ text }) => void told.push(text),
  });
});

/** Moves the clock, and lets what it woke come to its end. */
async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await new Promise((resolve) => setImmediate(resolve));
}

function scheduled(change: Partial<ScheduleTrigger>): ScheduleMapping {
  return scheduleMapping({
    trigger: {
      type: 'schedule',
      by: 'scheduler',
      function: 'F',
      id: 'Often',
      place,
      enabled: true,
      name: 'often',
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/often',
      expression: 'rate(5 minutes)',
      timezone: 'UTC',
      retries: 0,
      ...change,
    },
    declared,
    region: 'us-east-1',
    accountId: '000000000000',
    asynchronous: service,
    clock,
    tell: ({ text }) => void told.push(text),
  });
}

test('C1 a rule sends its own event at each slot; back-fill by hand gives any slot', async () => {
  const mapping = scheduleMapping({
    trigger: {
      type: 'schedule',
      by: 'rule',
      function: 'F',
      id: 'Nightly',
      place,
      enabled: true,
      name: 'nightly',
      arn: 'arn:aws:events:us-east-1:000000000000:rule/nightly',
      expression: 'cron(0 2 * * ? *)',
      timezone: 'UTC',
      retries: 0,
    },
    declared,
    region: 'us-east-1',
    accountId: '000000000000',
    asynchronous: service,
    clock,
    tell: ({ text }) => void told.push(text),
  });
  expect(mapping.next()).toEqual(new Date('2026-03-01T02:00:00Z'));
  await pass(26 * 3_600_000);
  expect(events).toEqual([
    expect.objectContaining({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: '2026-03-01T02:00:00Z',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/nightly'],
      detail: {},
    }),
    expect.objectContaining({ time: '2026-03-02T02:00:00Z' }),
  ]);
  await mapping.fire(new Date('2026-01-01T02:00:00Z'));
  expect(events[2]).toMatchObject({ time: '2026-01-01T02:00:00Z' });
  await mapping.stop();
  await pass(48 * 3_600_000);
  expect(events).toHaveLength(3);
});

test('C1 Scheduler fills in its placeholders', async () => {
  const mapping = scheduleMapping({
    trigger: {
      type: 'schedule',
      by: 'scheduler',
      function: 'F',
      id: 'Hourly',
      place,
      enabled: false,
      name: 'hourly',
      arn: 'arn:schedule',
      expression: 'cron(0 9 ? * MON *)',
      timezone: 'Europe/Berlin',
      input:
        '{"slot":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","try":"<aws.scheduler.attempt-number>"}',
      retries: 0,
    },
    declared,
    region: 'us-east-1',
    accountId: '000000000000',
    asynchronous: service,
    clock,
    tell: ({ text }) => void told.push(text),
  });
  expect(mapping.next()).toBeUndefined();
  await mapping.fire();
  expect(events).toEqual([{ slot: '2026-03-01T00:00:00Z', by: 'arn:schedule', try: '1' }]);
});

test('a rate takes a time zone, which says nothing', () => {
  expect(scheduled({ timezone: 'Europe/Berlin' }).next()).toEqual(new Date('2026-03-01T00:05:00Z'));
});

test('slots that the clock passes fire each, at their own times; a day later it goes on from there', async () => {
  const mapping = scheduled({ expression: 'rate(1 hour)' });
  await pass(24 * 3_600_000);
  expect(new Set(events.map((event) => (event as { time: string }).time)).size).toBe(24);
  expect(mapping.next()).toEqual(new Date('2026-03-02T01:00:00Z'));
  expect(told).toEqual([]);
});

test('of very many slots at once only the first fire, and that is told', async () => {
  const mapping = scheduled({ expression: 'rate(1 minute)' });
  await pass(24 * 3_600_000);
  expect(events).toHaveLength(100);
  expect(told).toEqual([
    'Often: of the slots that were passed at once, 1340 did not fire after the first 100',
  ]);
  expect(mapping.next()).toEqual(new Date('2026-03-02T00:01:00Z'));
  await pass(60_000);
  expect(events).toHaveLength(101);
});

function ruled(change: Partial<ScheduleTrigger>): ScheduleMapping {
  return scheduled({ by: 'rule', ...change });
}

function transformer(template: string): Partial<ScheduleTrigger> {
  return { inputTransformer: { paths: { at: '$.time' }, template } };
}

test('C1 a rule hands on what its input says; what cannot be made is told', async () => {
  const slot = new Date('2026-01-01T02:00:00.500Z');
  await ruled({ inputPath: '$.time' }).fire(slot);
  await ruled(transformer('{"slot":<at>,"now":<aws.events.event.ingestion-time>}')).fire(slot);
  expect(events).toEqual([
    '2026-01-01T02:00:00Z',
    { slot: '2026-01-01T02:00:00Z', now: '2026-03-01T00:00:00Z' },
  ]);
  await ruled({ name: '"', ...transformer('"<aws.events.rule-name>"') }).fire(slot);
  expect(events).toHaveLength(2);
  expect(told).toEqual([expect.stringMatching(/^Often, line 1: .* is no JSON/u)]);
});
