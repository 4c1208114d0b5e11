import { scheduledEvent, schedulerEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { nameIn, occasionOf } from './event.ts';

const time = new Date('2026-11-01T02:00:00.000Z');

/** The Input that the page says to put into the template. */
const input = {
  slot: '<aws.scheduler.scheduled-time>',
  scheduleArn: '<aws.scheduler.schedule-arn>',
  attempt: '<aws.scheduler.attempt-number>',
  input: { report: 'sales' },
};

describe('C1 refuses', () => {
  it.each<[name: string, event: unknown, why: RegExp]>([
    ['nothing', undefined, /Expected the Scheduled Event .*, got undefined/],
    ['null', null, /Expected the Scheduled Event/],
    ['a list', [], /Expected the Scheduled Event/],
    ['a text', '2026-11-01T02:00:00Z', /got string/],
    ['an empty object', {}, /keys \(none\)/],
    ['an event of SQS', { Records: [{ secret: 'value' }] }, /keys Records$/],
    [
      'a Scheduler event without an Input',
      { ...scheduledEvent(), source: 'aws.scheduler' },
      /"slot":"<aws\.scheduler\.scheduled-time>"/,
    ],
    ['another event of EventBridge', { ...scheduledEvent(), 'detail-type': 'Order' }, /keys version, id/],
    [
      'a Scheduler event without the time',
      schedulerEvent({ report: 'sales' }),
      /for EventBridge Scheduler, Input must be {"slot":"<aws\.scheduler\.scheduled-time>",.*keys report$/,
    ],
    [
      'input beside the slot',
      { slot: '2026-11-01T02:00:00Z', report: 'sales' },
      /slot, .* and input alone, got report too\. Put your own data under "input"/,
    ],
    [
      'a slot that nobody filled in',
      input,
      /^slot: <aws\.scheduler\.scheduled-time> came as in the template/,
    ],
    ['an ARN that nobody filled in', { ...input, slot: '2026-11-01T02:00:00Z' }, /^scheduleArn: <aws\./],
    [
      'an attempt that nobody filled in',
      { slot: '2026-11-01T02:00:00Z', attempt: '<aws.scheduler.attempt-number>' },
      /^attempt: <aws\./,
    ],
    [
      'an attempt that is no number',
      { slot: '2026-11-01T02:00:00Z', attempt: 'first' },
      /^attempt: expected a whole number/,
    ],
    ['an attempt below none', { slot: '2026-11-01T02:00:00Z', attempt: -1 }, /^attempt: expected/],
    [
      'an ARN that is no text',
      { slot: '2026-11-01T02:00:00Z', scheduleArn: 5 },
      /^scheduleArn: expected text, got number/,
    ],
    [
      'a rule event without a time',
      { ...scheduledEvent(), time: undefined },
      /^time: expected a time that there is/,
    ],
  ])('A9 %s', (_name, event, why) => {
    expect(() => occasionOf(event)).toThrow(TypeError);
    expect(() => occasionOf(event)).toThrow(why);
    expect(() => occasionOf(event)).not.toThrow(/secret|sales/);
  });

  it.each([
    ['a day alone', '2026-11-01'],
    ['a time without a zone', '2026-11-01T02:00:00'],
    ['words', 'yesterday'],
    ['nothing', ''],
    ['a day that there is none of', '2026-02-30T02:00:00Z'],
    ['a month that there is none of', '2026-13-01T02:00:00Z'],
    ['an hour that there is none of', '2026-11-01T25:00:00Z'],
    ['an hour 24', '2026-11-01T24:00:00Z'],
    ['a number', 1_793_498_400_000],
    ['null', null],
  ])('%s for a slot', (_name, slot) => {
    expect(() => occasionOf({ slot })).toThrow(TypeError);
    expect(() => occasionOf({ slot })).toThrow(/^slot: expected/);
  });
});

describe('C1 reads', () => {
  it('the event of a rule', () => {
    expect(occasionOf(scheduledEvent({ rule: 'nightly', time }))).toEqual({
      slot: time,
      scheduleArn: 'arn:aws:events:eu-west-1:123456789012:rule/nightly',
      attempt: undefined,
      input: undefined,
    });
  });

  it('the event of a Scheduler schedule with the Input of the page', () => {
    expect(occasionOf(schedulerEvent(input, { schedule: 'nightly', time, attempt: 2 }))).toEqual({
      slot: time,
      scheduleArn: 'arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly',
      attempt: 2,
      input: { report: 'sales' },
    });
  });

  it('C4 a slot by hand, in any zone', () => {
    const byHand = { slot: time, scheduleArn: undefined, attempt: undefined, input: undefined };
    expect(occasionOf({ slot: '2026-11-01T02:00:00Z' })).toEqual(byHand);
    expect(occasionOf({ slot: '2026-11-01T03:00+01:00' })).toEqual(byHand);
    expect(occasionOf({ slot: '2026-11-01T02:00:00.000Z', input: 5 })).toEqual({ ...byHand, input: 5 });
  });
});

it('C2 names a schedule by its ARN: group and all', () => {
  expect(nameIn('arn:aws:scheduler:eu-west-1:123456789012:schedule/reports/nightly')).toBe('reports/nightly');
  expect(nameIn('arn:aws:events:eu-west-1:123456789012:rule/nightly')).toBe('nightly');
  expect(nameIn('nightly')).toBe('nightly');
});
