import { describe, expect, it } from 'vitest';

import { scheduledEvent, schedulerEvent } from './event.ts';

const time = new Date('2026-11-01T02:00:00.000Z');

describe('scheduledEvent', () => {
  it('C1 is what a rule sends: times in whole seconds, the rule among the resources, no detail', () => {
    const event = scheduledEvent({ rule: 'nightly', time, region: 'us-east-1', account: '111122223333' });
    expect(event).toEqual({
      version: '0',
      id: event.id,
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '111122223333',
      time: '2026-11-01T02:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:111122223333:rule/nightly'],
      detail: {},
    });
  });

  it('C2 has an id of its own each time, and the same one where a duplicate is built', () => {
    expect(scheduledEvent().id).not.toBe(scheduledEvent().id);
    const first = scheduledEvent({ time });
    expect(scheduledEvent({ time, id: first.id })).toEqual(first);
  });

  it('is due at the last full minute', () => {
    const { time: due } = scheduledEvent();
    expect(due).toMatch(/:00Z$/);
    expect(Date.now() - Date.parse(due)).toBeLessThan(61_000);
  });
});

describe('schedulerEvent', () => {
  const input = {
    slot: '<aws.scheduler.scheduled-time>',
    arn: '<aws.scheduler.schedule-arn>',
    deep: { attempt: 'no. <aws.scheduler.attempt-number>' },
    other: '<aws.events.rule-arn>',
  };

  it('C1 fills in the context attributes wherever they stand, and leaves everything else', () => {
    expect(schedulerEvent(input, { schedule: 'nightly', group: 'reports', time, attempt: 3 })).toEqual({
      slot: '2026-11-01T02:00:00Z',
      arn: 'arn:aws:scheduler:eu-west-1:123456789012:schedule/reports/nightly',
      deep: { attempt: 'no. 3' },
      other: '<aws.events.rule-arn>',
    });
  });

  it('takes the text of a template', () => {
    expect(schedulerEvent('{"attempt":<aws.scheduler.attempt-number>}')).toEqual({ attempt: 1 });
  });

  it('C2 gives each attempt an execution id of its own', () => {
    const id = { id: '<aws.scheduler.execution-id>' };
    expect(schedulerEvent(id)).toEqual({ id: expect.stringMatching(/^[\da-f]{16}$/) });
    expect(schedulerEvent(id)).not.toEqual(schedulerEvent(id));
  });

  it('refuses an attribute that Scheduler does not know, and an input that is no JSON', () => {
    expect(() => schedulerEvent({ slot: '<aws.scheduler.time>' })).toThrow(
      /<aws\.scheduler\.time>: Scheduler knows .*<aws\.scheduler\.scheduled-time>/,
    );
    expect(() => schedulerEvent('{slot}')).toThrow(/the Input is none/);
  });
});
