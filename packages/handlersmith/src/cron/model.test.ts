/**
 * The slots against a model that cannot be wrong in the same way: it looks at each minute in turn, and at what the
 * expression was made of instead of its text.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { schedule } from './schedule.ts';

/** A field as text, and which numbers it means. */
interface Part {
  readonly text: string;
  readonly has: (value: number) => boolean;
}

/** A day field: `last` is the month's last day. */
interface DayPart {
  readonly text: string;
  readonly has: (day: number, weekday: number, last: number) => boolean;
}

function part(least: number, most: number, names?: readonly string[], steps = true): fc.Arbitrary<Part> {
  const number = fc.integer({ min: least, max: most });
  const named = (value: number): string => names?.[value - least] ?? String(value);
  const single = fc.tuple(number, fc.boolean()).map(([value, byName]): Part => ({
    text: byName ? named(value) : String(value),
    has: (other) => other === value,
  }));
  const range = fc.tuple(number, number).map(([one, other]): Part => {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    return { text: `${named(from)}-${named(to)}`, has: (value) => value >= from && value <= to };
  });
  const by = fc.integer({ min: 1, max: most - least });
  const step = fc.tuple(fc.option(number, { nil: undefined }), by).map(([from, every]): Part => {
    const first = from ?? least;
    return {
      text: `${from ?? '*'}/${every}`,
      has: (value) => value >= first && (value - first) % every === 0,
    };
  });
  const entry = steps ? fc.oneof(single, range, step) : fc.oneof(single, range);
  const list = fc.array(entry, { minLength: 1, maxLength: 3 }).map((entries): Part => ({
    text: entries.map(({ text }) => text).join(','),
    has: (value) => entries.some(({ has }) => has(value)),
  }));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant({ text: '*', has: () => true }) },
    { weight: 3, arbitrary: list },
  );
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const dayOfMonth: fc.Arbitrary<DayPart> = fc.oneof(
  part(1, 31).map(({ text, has }): DayPart => ({ text, has: (day) => has(day) })),
  fc.constant<DayPart>({ text: 'L', has: (day, _weekday, last) => day === last }),
  // A working day is the nearest one of those to its side that are none.
  fc.integer({ min: 1, max: 31 }).map((wanted): DayPart => ({
    text: `${wanted}W`,
    has: (day, weekday, last) => {
      if (wanted > last || weekday === 1 || weekday === 7) return false;
      const weekdayOfWanted = ((((weekday - 1 + wanted - day) % 7) + 7) % 7) + 1;
      const candidates = [0, -1, 1, -2, 2].map((by) => ({ day: wanted + by, weekday: weekdayOfWanted + by }));
      const nearest = candidates.find(
        (each) => each.day >= 1 && each.day <= last && ((each.weekday % 7) + 7) % 7 > 1,
      );
      return nearest?.day === day;
    },
  })),
);
const dayOfWeek: fc.Arbitrary<DayPart> = fc.oneof(
  part(1, 7, weekdays, false).map(({ text, has }): DayPart => ({
    text,
    has: (_day, weekday) => has(weekday),
  })),
  fc.constant<DayPart>({ text: 'L', has: (_day, weekday) => weekday === 7 }),
  fc.integer({ min: 1, max: 7 }).map((wanted): DayPart => ({
    text: `${wanted}L`,
    has: (day, weekday, last) => weekday === wanted && day > last - 7,
  })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([wanted, nth]): DayPart => ({
    text: `${weekdays[wanted - 1] ?? ''}#${nth}`,
    has: (day, weekday) => weekday === wanted && Math.ceil(day / 7) === nth,
  })),
);

interface Model {
  readonly text: string;
  readonly has: (wall: Date) => boolean;
}

const model: fc.Arbitrary<Model> = fc
  .record({
    minute: part(0, 59),
    hour: part(0, 23),
    day: fc.oneof(
      dayOfMonth.map(({ text, has }) => ({ text: [text, '?'], has })),
      dayOfWeek.map(({ text, has }) => ({ text: ['?', text], has })),
    ),
    month: part(1, 12, ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']),
    // Mostly any: hardly ever would a chosen year be the one looked at.
    year: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Part>({ text: '*', has: () => true }) },
      { weight: 1, arbitrary: part(1970, 2199) },
    ),
  })
  .map(({ minute, hour, day, month, year }) => ({
    text: `cron(${minute.text} ${hour.text} ${day.text[0]} ${month.text} ${day.text[1]} ${year.text})`,
    has: (wall) =>
      minute.has(wall.getUTCMinutes()) &&
      hour.has(wall.getUTCHours()) &&
      month.has(wall.getUTCMonth() + 1) &&
      year.has(wall.getUTCFullYear()) &&
      day.has(
        wall.getUTCDate(),
        wall.getUTCDay() + 1,
        new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate(),
      ),
  }));

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Slots within some time after an instant; none when the expression has none at all. */
function slotsOf(text: string, timezone: string | undefined, from: number, length: number): number[] {
  const count = length / MINUTE_MS;
  let slots: Date[];
  try {
    slots = schedule(text, timezone === undefined ? {} : { timezone }).next(count, new Date(from));
  } catch (error) {
    if (String(error).includes('it would never run')) return [];
    throw error;
  }
  return slots.map((slot) => slot.getTime()).filter((slot) => slot <= from + length);
}

it('C5 holds to a minute-by-minute model, in UTC', { timeout: 60_000 }, () => {
  const instant = fc.date({ min: new Date('1972-01-01'), max: new Date('2190-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(model, instant, ({ text, has }, start) => {
      const from = Math.floor(start.getTime() / MINUTE_MS) * MINUTE_MS;
      const length = 35 * DAY_MS; // a whole month, whichever
      const expected: number[] = [];
      for (let at = from + MINUTE_MS; at <= from + length; at += MINUTE_MS) {
        if (has(new Date(at))) expected.push(at);
      }
      expect(slotsOf(text, undefined, from, length)).toEqual(expected);
    }),
    { numRuns: 120 },
  );
});

it('C5 holds to a minute-by-minute model where clocks change', { timeout: 60_000 }, () => {
  const changes = fc.constantFrom<[string, string]>(
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'], // by half an hour
    ['America/Santiago', '2026-09-06'], // at midnight
    ['Africa/Cairo', '2026-04-24'],
    ['Pacific/Apia', '2011-12-30'], // a whole day
  );
  fc.assert(
    fc.property(model, changes, ({ text, has }, [timezone, day]) => {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: timezone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const from = Date.parse(`${day}T00:00:00Z`) - DAY_MS;
      const length = 2 * DAY_MS;
      const seen = new Set<string>();
      const expected: number[] = [];
      // Looked at from earlier on: what was seen by then is a repetition.
      for (let at = from - DAY_MS; at <= from + length; at += MINUTE_MS) {
        const wall = format.format(at);
        if (seen.has(wall)) continue;
        seen.add(wall);
        if (at > from && has(new Date(`${wall.replace(' ', 'T')}Z`))) expected.push(at);
      }
      expect(slotsOf(text, timezone, from, length)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it('C5 takes or refuses any text, and never fails in another way', () => {
  const symbol = fc.constantFrom(
    '*',
    '?',
    'L',
    'W',
    '#',
    '/',
    '-',
    ',',
    '1',
    '5',
    '31',
    'MON',
    'JAN',
    '2026',
  );
  const field = fc.array(symbol, { minLength: 1, maxLength: 5 }).map((symbols) => symbols.join(''));
  const fields = fc.array(field, { minLength: 5, maxLength: 7 }).map((all) => `cron(${all.join(' ')})`);
  fc.assert(
    fc.property(
      fc.oneof(
        fields,
        fc.string(),
        fc.string().map((text) => `cron(${text})`),
      ),
      (text) => {
        expect(outcomeOf(text)).toMatch(/^(?:rising|refused)$/);
      },
    ),
    { numRuns: 2_000 },
  );
});

function outcomeOf(text: string): string {
  try {
    const [first, second] = schedule(text).next(2, new Date(0));
    return first !== undefined && second !== undefined && first >= second ? 'falling' : 'rising';
  } catch (error) {
    return error instanceof TypeError && error.message.includes(text) ? 'refused' : String(error);
  }
}
