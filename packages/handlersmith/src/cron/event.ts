/**
 * The events of schedules: which slot is to run.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
import type { ScheduledEvent } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';
import { isObject } from '../handler/object.ts';

/**
 * A slot to run: what a Scheduler schedule's `Input` is to say, and what you send to run a slot by hand.
 *
 * @example
 * { "slot": "<aws.scheduler.scheduled-time>", "scheduleArn": "<aws.scheduler.schedule-arn>" }
 */
export interface SlotEvent {
  /** The scheduled time, ISO 8601 with its zone: `<aws.scheduler.scheduled-time>`. */
  readonly slot: string;
  /** `<aws.scheduler.schedule-arn>`; none when run by hand. */
  readonly scheduleArn?: string;
  /** `<aws.scheduler.attempt-number>`. */
  readonly attempt?: string | number;
  /** Whatever the work needs to know. */
  readonly input?: unknown;
}

/** What a cron handler takes: the event of a rule, or a slot. */
export type CronEvent = ScheduledEvent<unknown> | SlotEvent;

/** A slot to run, whoever asked for it. */
export interface Occasion {
  readonly slot: Date;
  /** Of the rule or the schedule; `undefined` when run by hand. */
  readonly scheduleArn: string | undefined;
  readonly attempt: number | undefined;
  readonly input: unknown;
}

const EXPECTED =
  'the Scheduled Event of an EventBridge rule, or a slot: for EventBridge Scheduler, Input must be {"slot":"<aws.scheduler.scheduled-time>","scheduleArn":"<aws.scheduler.schedule-arn>"}';

/**
 * Reads an event.
 *
 * @throws TypeError for one that is foreign, or says no slot
 */
export function occasionOf(event: unknown): Occasion {
  if (!isRecord(event)) throw foreignEvent(EXPECTED, event);
  if ('slot' in event) return fromSlot(event);
  if (event['source'] !== 'aws.events' || event['detail-type'] !== 'Scheduled Event')
    throw foreignEvent(EXPECTED, event);
  const { time, resources } = event;
  const [ruleArn]: readonly unknown[] = Array.isArray(resources) ? resources : [];
  return {
    slot: timeOf('time', time),
    scheduleArn: textOf('resources[0]', ruleArn),
    attempt: undefined,
    input: undefined,
  };
}

/** The part of an ARN that tells one schedule of an account and region from another: `default/nightly`. */
export function nameIn(scheduleArn: string): string {
  return /:(?:rule|schedule)\/(.+)$/.exec(scheduleArn)?.[1] ?? scheduleArn;
}

function fromSlot(event: Readonly<Record<string, unknown>>): Occasion {
  const { slot, scheduleArn, attempt, input, ...more } = event;
  const others = Object.keys(more).join(', ');
  if (others !== '') {
    throw new TypeError(
      `Expected slot, scheduleArn, attempt and input alone, got ${others} too. Put your own data under "input".`,
    );
  }
  return {
    slot: timeOf('slot', slot),
    scheduleArn: textOf('scheduleArn', scheduleArn),
    attempt: attemptOf(attempt),
    input,
  };
}

function timeOf(name: string, value: unknown): Date {
  const text = textOf(name, value) ?? '';
  const [, date = '', hour] =
    /^(\d{4}-\d\d-\d\d)T(\d\d):\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const time = new Date(text);
  // Read back: a 30th of February would be some day of March, and an hour 24 the next day.
  const isDay = date !== '' && hour !== '24' && JSON.stringify(new Date(date)).startsWith(`"${date}`);
  if (!isDay || Number.isNaN(time.getTime()))
    throw new TypeError(
      `${name}: expected a time that there is, with its zone, such as 2026-11-01T02:00:00Z`,
    );
  return time;
}

function attemptOf(value: unknown): number | undefined {
  const text = textOf('attempt', typeof value === 'number' ? String(value) : value);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new TypeError('attempt: expected a whole number');
  return Number(text);
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new TypeError(`${name}: expected text, got ${typeof value}`);
  if (value.startsWith('<aws.')) {
    throw new TypeError(
      `${name}: ${value} came as in the template: EventBridge Scheduler fills in <aws.scheduler.>, a rule needs an InputTransformer.`,
    );
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value);
}
