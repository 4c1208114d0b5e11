/**
 * The events of schedules: of EventBridge rules, and of EventBridge Scheduler.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
import { randomBytes } from 'node:crypto';

import type { ScheduledEvent } from 'aws-lambda';

/** What a test may say about a rule and its time. */
export interface ScheduledRule {
  /** Name of the rule. `test-rule` if not given. */
  readonly rule?: string;
  /** When it was due. The last full minute if not given. */
  readonly time?: Date;
  /** Id of the event, the same in a duplicate. A new UUID if not given. */
  readonly id?: string;
  readonly region?: string;
  readonly account?: string;
}

/** What a test may say about a schedule and its time. */
export interface SchedulerOccasion {
  /** Name of the schedule. `test-schedule` if not given. */
  readonly schedule?: string;
  /** Its group. `default` if not given. */
  readonly group?: string;
  /** When it was due. The last full minute if not given. */
  readonly time?: Date;
  /** Which attempt of Scheduler's this is, from 1. 1 if not given. */
  readonly attempt?: number;
  readonly region?: string;
  readonly account?: string;
}

/**
 * Builds the event that a rule with a schedule sends.
 *
 * @param rule - what the test has to say about it
 * @example
 * await invoke(handler, scheduledEvent({ rule: 'nightly', time: new Date('2026-11-01T02:00:00Z') }));
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
export function scheduledEvent(rule: ScheduledRule = {}): ScheduledEvent<Record<string, never>> {
  const { rule: name = 'test-rule', time = lastMinute(), id = crypto.randomUUID() } = rule;
  const { region = 'eu-west-1', account = '123456789012' } = rule;
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: seconds(time),
    region,
    resources: [`arn:aws:events:${region}:${account}:rule/${name}`],
    detail: {},
  };
}

/**
 * Builds the event that EventBridge Scheduler makes of a schedule's `Input`: the context attributes in it are filled
 * in, wherever they stand.
 *
 * @param input - as in the template: JSON text, or the object it is written from
 * @param occasion - which schedule, when, which attempt
 * @throws TypeError for an attribute that Scheduler does not know, or an input that is no JSON
 * @example
 * const event = schedulerEvent(
 *   { slot: '<aws.scheduler.scheduled-time>', input: { report: 'sales' } },
 *   { schedule: 'nightly', time: new Date('2026-11-01T02:00:00Z') },
 * );
 */
export function schedulerEvent(input: string | object, occasion: SchedulerOccasion = {}): unknown {
  const { schedule = 'test-schedule', group = 'default', time = lastMinute(), attempt = 1 } = occasion;
  const { region = 'eu-west-1', account = '123456789012' } = occasion;
  const attributes = new Map([
    ['schedule-arn', `arn:aws:scheduler:${region}:${account}:schedule/${group}/${schedule}`],
    ['scheduled-time', seconds(time)],
    ['execution-id', randomBytes(8).toString('hex')], // another one in each attempt
    ['attempt-number', String(attempt)],
  ]);
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const filled = text.replaceAll(/<aws\.scheduler\.([^>]*)>/g, (keyword, name: string) => {
    const value = attributes.get(name);
    if (value !== undefined) return value;
    throw new TypeError(
      `${keyword}: Scheduler knows ${[...attributes.keys()].map((known) => `<aws.scheduler.${known}>`).join(', ')}`,
    );
  });
  try {
    return JSON.parse(filled);
  } catch (error) {
    throw new TypeError('A Lambda function takes JSON: the Input is none', { cause: error });
  }
}

/** Both services tell time in whole seconds. */
function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function lastMinute(): Date {
  return new Date(Math.floor(Date.now() / 60_000) * 60_000);
}
