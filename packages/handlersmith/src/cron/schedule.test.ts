import { describe, expect, it } from 'vitest';

import { schedule } from './schedule.ts';

const from = new Date('2026-11-01T00:00:00Z'); // a Sunday

/** The next slots, as text without seconds. */
function next(expression: string, count: number, timezone?: string, since: Date = from): string[] {
  const options = timezone === undefined ? {} : { timezone };
  return schedule(expression, options)
    .next(count, since)
    .map((slot) => slot.toISOString().replace(':00.000Z', ''));
}

describe('C5 says what is wrong with', () => {
  it.each([
    ['0 2 * * ? *', 'expected cron(…), rate(…) or at(…)'],
    ['Cron(0 2 * * ? *)', 'in lower case'],
    [' cron(0 2 * * ? *)', 'nothing round it'],
    ['', 'expected cron(…)'],
    ['cron()', 'one space between fields'],
    [
      'cron(0 2 * * *)',
      'expected six fields (minutes hours day-of-month month day-of-week year), got 5. Five are',
    ],
    ['cron(0 0 2 * * ? *)', 'got 7.'],
    ['cron(0  2 * * ? *)', 'one space'],
    ['cron(0 2 * * ? * )', 'one space'],
    ['cron(0 2 * * * *)', '"*" and "*" are both given; one of the two must be ?'],
    ['cron(0 2 1 * MON *)', '"1" and "MON" are both given'],
    ['cron(0 2 ? * ? *)', 'both are ?'],
    ['cron(? 2 * * ? *)', 'minutes: ? is for day-of-month and day-of-week alone'],
    ['cron(60 2 * * ? *)', 'minutes: 60 is not in 0-59'],
    ['cron(0 24 * * ? *)', 'hours: 24 is not in 0-23'],
    ['cron(0 2 0 * ? *)', 'day-of-month: 0 is not in 1-31'],
    ['cron(0 2 32 * ? *)', 'day-of-month: 32 is not in 1-31'],
    ['cron(0 2 * 13 ? *)', 'month: 13 is not in 1-12 or JAN-DEC'],
    ['cron(0 2 * JANUARY ? *)', 'month: "JANUARY" is no value; expected 1-12 or JAN-DEC'],
    ['cron(0 2 ? * 0 *)', 'day-of-week: 0 is not in 1-7 or SUN-SAT'],
    ['cron(0 2 ? * MONDAY *)', 'day-of-week: "MONDAY" is no value'],
    ['cron(0 2 ? * MON/2 *)', 'day-of-week: "MON/2": steps (/) are not taken here'],
    ['cron(0 2 * * ? 1969)', 'year: 1969 is not in 1970-2199'],
    ['cron(0 2 * * ? 2200)', 'year: 2200 is not in 1970-2199'],
    ['cron(0/0 2 * * ? *)', 'minutes: "0/0": the step must be a whole number from 1 to 59'],
    ['cron(*/60 2 * * ? *)', 'minutes: "*/60": the step'],
    ['cron(0/x 2 * * ? *)', 'minutes: "0/x": the step'],
    ['cron(0/5/5 2 * * ? *)', 'more than one /'],
    ['cron(1-2-3 2 * * ? *)', 'more than one -'],
    ['cron(30-10 2 * * ? *)', 'minutes: the range 30-10 ends before it starts'],
    ['cron(0 2 ? * FRI-MON *)', 'day-of-week: the range FRI-MON ends before it starts'],
    ['cron(1,,2 2 * * ? *)', 'minutes: the list "1,,2" has an empty entry'],
    ['cron(*,2 2 * * ? *)', 'minutes: * stands alone'],
    ['cron(-5 2 * * ? *)', 'minutes: a value is missing'],
    ['cron(1.5 2 * * ? *)', 'minutes: "1.5" is no value'],
    ['cron(0 L * * ? *)', 'hours: "L" is no value'],
    ['cron(0 2 L-3 * ? *)', 'day-of-month: "L-3": L stands alone'],
    ['cron(0 2 L,15 * ? *)', 'day-of-month: "L,15": L stands alone'],
    ['cron(0 2 LW * ? *)', 'day-of-month: "LW": L stands alone, W follows one day (15W)'],
    ['cron(0 2 32W * ? *)', 'day-of-month: 32 is not in 1-31'],
    ['cron(0 2 1-15W * ? *)', 'day-of-month: "1-15W"'],
    ['cron(0 2 2#1 * ? *)', 'day-of-month: "2#1": # belongs into day-of-week'],
    ['cron(0 2 ? * 2#6 *)', 'day-of-week: "2#6": after # comes one number from 1 to 5'],
    ['cron(0 2 ? * 2#1,3#1 *)', 'day-of-week: "2#1,3#1": after # comes one number'],
    ['cron(0 2 ? * 8#1 *)', 'day-of-week: 8 is not in 1-7'],
    ['cron(0 2 ? * 9L *)', 'day-of-week: 9 is not in 1-7'],
    ['cron(0 2 ? * 3W *)', 'day-of-week: "3W": W belongs into day-of-month'],
    ['cron(0 2 31 2 ? *)', 'no day of any year matches; it would never run'],
    ['cron(0 2 29 FEB ? 2027)', 'it would never run'],
    ['rate(5)', 'expected a value and a unit'],
    ['rate(5 weeks)', 'expected a value and a unit'],
    ['rate(5  minutes)', 'expected a value and a unit'],
    ['rate(0 minutes)', 'a whole number of 1 or more, got "0"'],
    ['rate(-1 minutes)', 'got "-1"'],
    ['rate(1.5 hours)', 'got "1.5"'],
    ['rate(1 minutes)', 'with 1 the unit is singular: rate(1 minute)'],
    ['rate(5 minute)', 'with 5 the unit is plural: rate(5 minutes)'],
    ['at(2026-11-01)', 'yyyy-mm-ddThh:mm:ss'],
    ['at(2026-11-01T02:00:00Z)', 'without a zone'],
    ['at(2026-02-30T02:00:00)', 'a time that there is'],
    ['at(2026-11-01T24:00:00)', 'a time that there is'],
  ])('%s', (expression, why) => {
    expect(() => schedule(expression)).toThrow(TypeError);
    expect(() => schedule(expression)).toThrow(why);
    expect(() => schedule(expression)).toThrow(`schedule: "${expression}"`);
  });

  it('what is no text, a time zone that there is none of, and one for a rate', () => {
    expect(() => schedule(5 as never)).toThrow('expected cron(…), rate(…) or at(…), got number');
    expect(() => schedule('cron(0 2 * * ? *)', { timezone: 'Europe/Bärlin' })).toThrow(
      '"Europe/Bärlin" is no time zone; expected an IANA name such as Europe/Berlin',
    );
    expect(() => schedule('rate(1 day)', { timezone: 'Europe/Berlin' })).toThrow('a rate knows no time zone');
  });

  it('a one-time schedule at a time that clocks jump over', () => {
    expect(() => schedule('at(2026-03-29T02:30:00)', { timezone: 'Europe/Berlin' })).toThrow(
      'clocks go forward past it',
    );
  });
});

describe('C5 gives the next slots of', () => {
  it.each<[string, string[]]>([
    ['cron(0 2 * * ? *)', ['2026-11-01T02:00', '2026-11-02T02:00', '2026-11-03T02:00']],
    ['cron(0 9 ? * MON *)', ['2026-11-02T09:00', '2026-11-09T09:00', '2026-11-16T09:00']],
    ['cron(0 9 ? * 2 *)', ['2026-11-02T09:00', '2026-11-09T09:00', '2026-11-16T09:00']],
    ['cron(0 9 ? * mon-fri *)', ['2026-11-02T09:00', '2026-11-03T09:00', '2026-11-04T09:00']],
    ['cron(0/15 * * * ? *)', ['2026-11-01T00:15', '2026-11-01T00:30', '2026-11-01T00:45']],
    ['cron(50/5 0 * * ? *)', ['2026-11-01T00:50', '2026-11-01T00:55', '2026-11-02T00:50']],
    ['cron(10-20/5,59 0 * * ? *)', ['2026-11-01T00:10', '2026-11-01T00:15', '2026-11-01T00:20']],
    ['cron(0 0 1 * ? *)', ['2026-12-01T00:00', '2027-01-01T00:00', '2027-02-01T00:00']],
    ['cron(0 12 31 * ? *)', ['2026-12-31T12:00', '2027-01-31T12:00', '2027-03-31T12:00']],
    ['cron(0 12 L * ? *)', ['2026-11-30T12:00', '2026-12-31T12:00', '2027-01-31T12:00']],
    ['cron(0 12 ? * L *)', ['2026-11-07T12:00', '2026-11-14T12:00', '2026-11-21T12:00']],
    ['cron(0 12 ? * 6L *)', ['2026-11-27T12:00', '2026-12-25T12:00', '2027-01-29T12:00']],
    ['cron(0 12 ? * FRIL *)', ['2026-11-27T12:00', '2026-12-25T12:00', '2027-01-29T12:00']],
    ['cron(0 12 ? * 3#2 *)', ['2026-11-10T12:00', '2026-12-08T12:00', '2027-01-12T12:00']],
    ['cron(0 12 ? * SUN#5 *)', ['2026-11-29T12:00', '2027-01-31T12:00', '2027-05-30T12:00']],
    // The 1st a Sunday, then a Tuesday, a Friday: nearest weekday.
    ['cron(0 12 1W * ? *)', ['2026-11-02T12:00', '2026-12-01T12:00', '2027-01-01T12:00']],
    // A Saturday, a Monday, a Thursday.
    ['cron(0 12 14W * ? *)', ['2026-11-13T12:00', '2026-12-14T12:00', '2027-01-14T12:00']],
    // November has none; January's is a Sunday, and February comes too early.
    ['cron(0 12 31W * ? *)', ['2026-12-31T12:00', '2027-01-29T12:00', '2027-03-31T12:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 1 JAN ? 2027-2199/2)', ['2027-01-01T00:00', '2029-01-01T00:00', '2031-01-01T00:00']],
    ['cron(0 0 1 1 ? 2028)', ['2028-01-01T00:00']],
    ['cron(0 0 1 1 ? 2020)', []],
    ['rate(1 minute)', ['2026-11-01T00:01', '2026-11-01T00:02', '2026-11-01T00:03']],
    ['rate(12 hours)', ['2026-11-01T12:00', '2026-11-02T00:00', '2026-11-02T12:00']],
    ['rate(7 days)', ['2026-11-08T00:00', '2026-11-15T00:00', '2026-11-22T00:00']],
    ['at(2026-11-01T02:00:00)', ['2026-11-01T02:00']],
    ['at(2026-10-31T02:00:00)', []],
  ])('%s', (expression, slots) => {
    expect(next(expression, 3)).toEqual(slots);
  });

  it('a Saturday the 1st with 1W, without leaving the month', () => {
    expect(next('cron(0 12 1W 8 ? 2026)', 1, undefined, new Date(0))).toEqual(['2026-08-03T12:00']);
  });

  it('cron(0 0 1 1 ? 1970), from before it', () => {
    expect(next('cron(0 0 1 1 ? *)', 1, undefined, new Date(-1))).toEqual(['1970-01-01T00:00']);
    expect(next('cron(59 23 31 12 ? *)', 2, undefined, new Date('2199-01-01T00:00:00Z'))).toEqual([
      '2199-12-31T23:59',
    ]);
  });
});

describe('C5 follows daylight saving', () => {
  const daily = 'cron(30 2 * * ? *)';

  it('leaves out the time that clocks jump over', () => {
    expect(next(daily, 3, 'Europe/Berlin', new Date('2026-03-27T12:00:00Z'))).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
  });

  it('takes the time that comes twice once', () => {
    expect(next(daily, 3, 'Europe/Berlin', new Date('2026-10-24T12:00:00Z'))).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
      '2026-10-27T01:30',
    ]);
    // Asked between the two, the second is none.
    expect(next(daily, 1, 'Europe/Berlin', new Date('2026-10-25T00:45:00Z'))).toEqual(['2026-10-26T01:30']);
  });

  it('in zones far from UTC, on either side of the date line', () => {
    const since = new Date('2026-11-01T00:00:00Z');
    expect(next('cron(0 0 1 * ? *)', 1, 'Pacific/Kiritimati', since)).toEqual(['2026-11-30T10:00']);
    expect(next('cron(0 23 31 * ? *)', 1, 'Pacific/Pago_Pago', since)).toEqual(['2026-11-01T10:00']);
    expect(next('cron(0 9 ? * MON *)', 1, 'Asia/Kathmandu', since)).toEqual(['2026-11-02T03:15']);
  });

  it('without the day that Samoa left out', () => {
    expect(next('cron(0 12 * 12 ? 2011)', 2, 'Pacific/Apia', new Date('2011-12-29T00:00:00Z'))).toEqual([
      '2011-12-29T22:00',
      '2011-12-30T22:00',
    ]);
  });
});

describe('a schedule', () => {
  it('knows its slots', () => {
    const nightly = schedule('cron(0 2 * * ? *)');
    expect(nightly.includes(new Date('2026-11-01T02:00:00Z'))).toBe(true);
    expect(nightly.includes(new Date('2026-11-01T02:00:01Z'))).toBe(false);
    expect(nightly.includes(new Date('2026-11-01T03:00:00Z'))).toBe(false);
    expect(schedule('cron(0 0 1 1 ? 2020)').includes(from)).toBe(false);
    const once = schedule('at(2026-11-01T02:00:00)', { timezone: 'Asia/Tokyo' });
    expect(once.includes(new Date('2026-10-31T17:00:00Z'))).toBe(true);
    expect(once.includes(new Date('2026-11-01T02:00:00Z'))).toBe(false);
    expect(schedule('rate(1 hour)').includes(from)).toBe(true);
  });

  it('tells what it is', () => {
    expect(schedule('cron(0 2 * * ? *)', { timezone: 'Europe/Berlin' })).toMatchObject({
      kind: 'cron',
      expression: 'cron(0 2 * * ? *)',
      timezone: 'Europe/Berlin',
    });
    expect(schedule('rate(1 day)')).toMatchObject({ kind: 'rate', timezone: undefined });
  });

  it('gives slots from now on, and refuses a count or a time that is none', () => {
    const [slot] = schedule('cron(* * * * ? *)').next(1);
    const wait = (slot?.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(-1_000);
    expect(wait).toBeLessThanOrEqual(60_000);
    for (const count of [0, -1, 1.5, Number.NaN]) {
      expect(() => schedule('rate(1 day)').next(count)).toThrow(RangeError);
    }
    expect(() => schedule('rate(1 day)').next(1, new Date(Number.NaN))).toThrow('invalid Date');
  });
});
