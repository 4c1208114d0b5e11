/**
 * The two day fields of a cron expression: which days of a month they mean.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { type Fault, type Field, valueOf, valuesOf } from './field.ts';

/** The days of a month, rising; `month` counts from 1. */
export type DaysOf = (year: number, month: number) => readonly number[];

const dayOfMonthField: Field = { name: 'day-of-month', least: 1, most: 31, largestStep: 31 };
const dayOfWeekField: Field = {
  name: 'day-of-week',
  least: 1,
  most: 7,
  largestStep: undefined,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

const SATURDAY = 7;
const SUNDAY = 1;

/**
 * Reads both day fields. One of them must be `?`: AWS does not say what both together would mean.
 *
 * @param faultOf - makes the error for a field
 */
export function daysOf(dayOfMonth: string, dayOfWeek: string, faultOf: (field: string) => Fault): DaysOf {
  const fault = faultOf('day-of-month and day-of-week');
  if (dayOfMonth === '?' && dayOfWeek === '?')
    throw fault('both are ?; say which days in one of them, such as * ? for every day');
  if (dayOfMonth !== '?' && dayOfWeek !== '?')
    throw fault(`"${dayOfMonth}" and "${dayOfWeek}" are both given; one of the two must be ?`);
  return dayOfWeek === '?'
    ? byDayOfMonth(dayOfMonth, faultOf(dayOfMonthField.name))
    : byDayOfWeek(dayOfWeek, faultOf(dayOfWeekField.name));
}

function byDayOfMonth(text: string, fault: Fault): DaysOf {
  if (text === 'L') return (year, month) => [lastDay(year, month)];
  const [, nearest] = /^(\d+)W$/.exec(text) ?? [];
  if (nearest !== undefined) {
    const day = valueOf(dayOfMonthField, nearest, fault);
    return (year, month) => (day > lastDay(year, month) ? [] : [weekdayNear(year, month, day)]);
  }
  if (/[LW]/.test(text)) throw fault(`"${text}": L stands alone, W follows one day (15W)`);
  if (text.includes('#')) throw fault(`"${text}": # belongs into day-of-week`);
  const days = valuesOf(dayOfMonthField, text, fault);
  return (year, month) => days.filter((day) => day <= lastDay(year, month));
}

function byDayOfWeek(text: string, fault: Fault): DaysOf {
  const [, weekday, occurrence] = /^([^#]*)#(.*)$/.exec(text) ?? [];
  if (weekday !== undefined && occurrence !== undefined) {
    const wanted = valueOf(dayOfWeekField, weekday, fault);
    if (!/^[1-5]$/.test(occurrence)) throw fault(`"${text}": after # comes one number from 1 to 5`);
    return (year, month) => daysOn([wanted], year, month).slice(Number(occurrence) - 1, Number(occurrence));
  }
  const [, lastOf] = /^(\w+)L$/.exec(text) ?? [];
  if (lastOf !== undefined) {
    const wanted = valueOf(dayOfWeekField, lastOf, fault);
    return (year, month) => daysOn([wanted], year, month).slice(-1);
  }
  if (text.endsWith('W')) throw fault(`"${text}": W belongs into day-of-month`);
  const days = text === 'L' ? [SATURDAY] : valuesOf(dayOfWeekField, text, fault);
  return (year, month) => daysOn(days, year, month);
}

function daysOn(weekdays: readonly number[], year: number, month: number): readonly number[] {
  const days: number[] = [];
  for (let day = 1; day <= lastDay(year, month); day++) {
    if (weekdays.includes(weekdayOf(year, month, day))) days.push(day);
  }
  return days;
}

/** Never leaves the month: a Saturday the 1st gives Monday the 3rd. */
function weekdayNear(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === SATURDAY) return day === 1 ? day + 2 : day - 1;
  if (weekday === SUNDAY) return day === lastDay(year, month) ? day - 2 : day + 1;
  return day;
}

/** 1 is Sunday, as in the expression. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

/** The day before the next month's first. */
function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
