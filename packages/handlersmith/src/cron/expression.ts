/**
 * The three kinds of expressions that EventBridge takes, each as a rule for the slots it gives.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { daysOf } from './days.ts';
import { type Fault, type Field, valuesOf } from './field.ts';
import type { Zone } from './zone.ts';

/** Slots as milliseconds since 1970. */
export interface Slots {
  /** The slots after an instant, rising. */
  after(from: number): Iterable<number>;
  includes(slot: number): boolean;
}

const minutesField: Field = { name: 'minutes', least: 0, most: 59, largestStep: 59 };
const hoursField: Field = { name: 'hours', least: 0, most: 23, largestStep: 23 };
const monthField: Field = {
  name: 'month',
  least: 1,
  most: 12,
  largestStep: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const yearField: Field = { name: 'year', least: 1970, most: 2199, largestStep: 229 };

const FIELDS = 'minutes hours day-of-month month day-of-week year';

const DAY_MS = 86_400_000;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS } as const;

/**
 * The slots of `cron(…)`.
 *
 * @param text - what stands between the brackets
 */
export function cronSlots(text: string, zone: Zone, fault: Fault): Slots {
  const fields = text.split(' ');
  if (fields.includes('')) throw fault('there must be one space between fields, and none round them');
  if (fields.length !== 6) throw fault(countFault(fields));
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  const within =
    (name: string): Fault =>
    (why) =>
      fault(`${name}: ${why}`);
  const read = (field: Field, value: string): readonly number[] => valuesOf(field, value, within(field.name));

  const minutes = read(minutesField, minute);
  const hours = read(hoursField, hour);
  const days = daysOf(dayOfMonth, dayOfWeek, within);
  const months = read(monthField, month);
  const years = read(yearField, year);
  if (!years.some((each) => months.some((one) => days(each, one).length > 0)))
    throw fault('no day of any year matches; it would never run');

  function* after(from: number): Generator<number> {
    // A day early: no zone's date is further from that of UTC.
    const start = from - DAY_MS;
    for (const inYear of years) {
      if (Date.UTC(inYear + 1, 0, 1) < start) continue;
      for (const inMonth of months) {
        if (Date.UTC(inYear, inMonth, 1) < start) continue;
        for (const day of days(inYear, inMonth)) {
          const midnight = Date.UTC(inYear, inMonth - 1, day);
          if (midnight + DAY_MS >= start) yield* slotsOn(midnight, from);
        }
      }
    }
  }
  function* slotsOn(midnight: number, from: number): Generator<number> {
    for (const atHour of hours) {
      for (const atMinute of minutes) {
        const slot = zone.instantOf(midnight + atHour * UNIT_MS.hour + atMinute * UNIT_MS.minute);
        if (slot !== undefined && slot > from) yield slot;
      }
    }
  }
  return {
    after,
    includes: (slot) => {
      for (const next of after(slot - 1)) return next === slot;
      return false;
    },
  };
}

function countFault(fields: readonly string[]): string {
  const hint =
    fields.length === 5
      ? ' Five are what Unix takes: add the year, and write ? for one of the day fields.'
      : '';
  return `expected six fields (${FIELDS}), got ${fields.length}.${hint}`;
}

/**
 * The slots of `rate(…)`. When the first one is, only AWS knows.
 *
 * @param text - what stands between the brackets
 */
export function rateSlots(text: string, fault: Fault): Slots {
  const [, value = '', unit = '', plural = ''] = /^(\S+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  if (unit === '') throw fault('expected a value and a unit: minute(s), hour(s) or day(s)');
  if (!/^[1-9]\d*$/.test(value)) throw fault(`the value must be a whole number of 1 or more, got "${value}"`);
  if (value === '1' && plural !== '') throw fault(`with 1 the unit is singular: rate(1 ${unit})`);
  if (value !== '1' && plural === '')
    throw fault(`with ${value} the unit is plural: rate(${value} ${unit}s)`);
  const every = Number(value) * UNIT_MS[unit as keyof typeof UNIT_MS]; // matched above
  return {
    *after(from) {
      for (let slot = from + every; ; slot += every) yield slot;
    },
    includes: () => true,
  };
}

/**
 * The one slot of `at(…)`.
 *
 * @param text - what stands between the brackets
 */
export function atSlots(text: string, zone: Zone, fault: Fault): Slots {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Read back: a 30th of February would be some day of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(text))
    throw fault('expected a time that there is, as yyyy-mm-ddThh:mm:ss, without a zone');
  const only = zone.instantOf(wall);
  if (only === undefined) throw fault('there is no such time in the time zone: clocks go forward past it');
  return {
    after: (from) => (only > from ? [only] : []),
    includes: (slot) => slot === only,
  };
}
