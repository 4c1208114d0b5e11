/**
 * `schedule`: an EventBridge expression, checked when the handler is built.
 *
 * @module
 */
import { atSlots, cronSlots, rateSlots, type Slots } from './expression.ts';
import type { Fault } from './field.ts';
import { utc, type Zone, zoneOf } from './zone.ts';

/** A checked expression, and the slots it gives. */
export interface Schedule {
  readonly kind: 'cron' | 'rate' | 'at';
  /** As it stands in the template. */
  readonly expression: string;
  /** IANA name; `undefined` for UTC. */
  readonly timezone: string | undefined;
  /**
   * The next slots, rising; fewer than `count` where the expression ends.
   *
   * @param count - how many, 1 or more
   * @param from - slots after it are given, default now. A rate counts from here: give the time it was made, or a slot
   * @throws RangeError for a count or a time that is none
   */
  next(count: number, from?: Date): Date[];
  /** Whether a time is a slot. Any may be one of a rate: when a rate began, only AWS knows. */
  includes(slot: Date): boolean;
}

/** Settings of {@link schedule}. */
export interface ScheduleOptions {
  /** IANA name of the time zone, for EventBridge Scheduler. Default UTC, the one and only of rules. */
  readonly timezone?: string;
}

/**
 * Checks an expression of EventBridge rules or of EventBridge Scheduler, and says precisely what is wrong with it.
 *
 * @param expression - `cron(…)`, `rate(…)` or `at(…)`, as in the template
 * @param options - `timezone`, for Scheduler
 * @returns the slots it gives; daylight saving is followed as Scheduler does: a time that clocks jump over is left
 *   out, one that comes twice counts once
 * @throws TypeError naming the field and what it takes
 * @example
 * schedule('cron(0 9 ? * MON *)', { timezone: 'Europe/Berlin' }).next(3);
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function schedule(expression: string, options: ScheduleOptions = {}): Schedule {
  if (typeof expression !== 'string')
    throw new TypeError(`schedule: expected cron(…), rate(…) or at(…), got ${typeof expression}`);
  const { timezone } = options;
  const fault: Fault = (why) => new TypeError(`schedule: "${expression}": ${why}`);
  const zone = timezone === undefined ? utc : zoneOf(timezone);
  if (zone === undefined)
    throw fault(`"${String(timezone)}" is no time zone; expected an IANA name such as Europe/Berlin`);
  const [, kind = '', text = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  const slots = slotsOf(kind, text, zone, fault);
  if (kind === 'rate' && timezone !== undefined) throw fault('a rate knows no time zone; leave timezone out');
  return {
    kind: kind as Schedule['kind'], // matched above, or there would be no slots
    expression,
    timezone,
    next: (count, from = new Date()) => take(slots, count, from),
    includes: (slot) => slots.includes(slot.getTime()),
  };
}

function slotsOf(kind: string, text: string, zone: Zone, fault: Fault): Slots {
  if (kind === 'cron') return cronSlots(text, zone, fault);
  if (kind === 'rate') return rateSlots(text, fault);
  if (kind === 'at') return atSlots(text, zone, fault);
  throw fault('expected cron(…), rate(…) or at(…), in lower case and nothing round it');
}

function take(slots: Slots, count: number, from: Date): Date[] {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`next: count must be a whole number of 1 or more, got ${count}`);
  if (Number.isNaN(from.getTime())) throw new RangeError('next: from is an invalid Date');
  const taken: Date[] = [];
  for (const slot of slots.after(from.getTime())) {
    taken.push(new Date(slot));
    if (taken.length === count) break;
  }
  return taken;
}
