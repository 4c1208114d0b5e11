import { manualClock } from '@handlersmith/local';
import type { LocalApp, MovableClock } from '@handlersmith/local';
import { beforeAll, describe, expect, test } from 'vitest';

import { answerOf, ended, eventOf, lambda, play, until, untilEnded } from '../play.fixture.ts';

/** The night before clocks go forward in Berlin. */
const clock: MovableClock = manualClock(new Date('2026-03-28T00:00:00Z'));
let app: LocalApp;
beforeAll(async () => {
  app = await play(
    lambda(
      'Rule',
      'cron.echo',
      `Events:
  Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *), Name: nightly } }`,
    ) +
      lambda(
        'Given',
        'cron.echo',
        `Events:
  Input: { Type: Schedule, Properties: { Schedule: rate(1 hour), Enabled: false, Input: '{"n":1}' } }`,
      ) +
      lambda(
        'Berlin',
        'cron.echo',
        `Events:
  Early:
    Type: ScheduleV2
    Properties:
      Name: early
      ScheduleExpression: cron(30 2 * * ? *)
      ScheduleExpressionTimezone: Europe/Berlin
      Input: '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>","attempt":"<aws.scheduler.attempt-number>","run":"<aws.scheduler.execution-id>"}'`,
      ) +
      lambda(
        'Shaky',
        'cron.shaky',
        `Events: { Weekly: { Type: Schedule, Properties: { Schedule: cron(0 9 ? * MON *) } } }`,
      ),
    { clock, retryDelay: 1 },
  );
}, 60_000);

const scheduleOf = (of: LocalApp, id: string): NonNullable<ReturnType<LocalApp['schedules']['get']>> => {
  const found = [...of.schedules].find(([name]) => name.includes(id))?.[1];
  if (found === undefined) throw new Error(`No schedule ${id} in ${[...of.schedules.keys()].join(', ')}`);
  return found;
};

describe('schedules on a clock that is moved', () => {
  test('C1 C5 a rule fires at each slot, with its own event, and Scheduler where its zone says', async () => {
    expect(scheduleOf(app, 'Nightly').next()).toEqual(new Date('2026-03-28T02:00:00Z'));
    expect(scheduleOf(app, 'Early').next()).toEqual(new Date('2026-03-28T01:30:00Z'));
    clock.moveTo(new Date('2026-03-28T01:59:59Z'));
    await untilEnded(app, 'Berlin', 1);
    expect(ended(app, 'Rule')).toEqual([]);
    clock.moveTo(new Date('2026-03-30T12:00:00Z'));
    const [first, second, third] = await untilEnded(app, 'Rule', 3);
    expect([first, second, third].map((entry) => (eventOf(entry) as { time: string }).time)).toEqual([
      '2026-03-28T02:00:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-30T02:00:00Z',
    ]);
    expect(eventOf(first)).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2026-03-28T02:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/nightly'],
      detail: {},
    });
  });

  test('C1 Scheduler fills in its placeholders; a time that clocks jump over is left out', async () => {
    const runs = (await untilEnded(app, 'Berlin', 2)).map(eventOf);
    // 02:30 of the 29th is not there in Berlin.
    expect(runs).toEqual([
      {
        at: '2026-03-28T01:30:00Z',
        arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/early',
        attempt: '1',
        run: expect.any(String),
      },
      expect.objectContaining({ at: '2026-03-30T00:30:00Z' }),
    ]);
    expect(new Set(runs.map((event) => (event as { run: string }).run)).size).toBe(2);
  });

  test('C2 what fails is tried again with the same event', async () => {
    await untilEnded(app, 'Shaky', 1);
    clock.advance(10);
    const [first, second] = await untilEnded(app, 'Shaky', 2);
    expect([first?.result?.ok, second?.result?.ok]).toEqual([false, true]);
    expect(second?.event).toBe(first?.event);
    expect(eventOf(first)).toMatchObject({ time: '2026-03-30T09:00:00Z' });
  });

  test('C1 C4 a disabled one fires by hand alone, for any slot; an input takes the event away', async () => {
    const { next, fire } = scheduleOf(app, 'Input');
    expect(next()).toBeUndefined();
    expect(ended(app, 'Given')).toEqual([]);
    await fire();
    expect(answerOf(ended(app, 'Given')[0])).toEqual({ n: 1 });
    await scheduleOf(app, 'Nightly').fire(new Date('2026-01-01T02:00:00Z'));
    expect(eventOf(ended(app, 'Rule').at(-1))).toMatchObject({ time: '2026-01-01T02:00:00Z' });
  });
});

const slot = (day: number): Date => new Date(Date.UTC(2026, 0, day, 2));

describe('C2 C3 a slot that comes again, and one that comes too early', () => {
  let reports: LocalApp;
  beforeAll(async () => {
    reports = await play(
      `  Runs:
    Type: AWS::Serverless::SimpleTable
    Properties: { PrimaryKey: { Name: id, Type: String } }
${lambda(
  'Report',
  'cron.report',
  `Timeout: 5
Environment: { Variables: { RUNS: !Ref Runs } }
Events:
  Nightly:
    Type: ScheduleV2
    Properties:
      ScheduleExpression: cron(0 2 * * ? *)
      Input: '{"slot":"<aws.scheduler.scheduled-time>","scheduleArn":"<aws.scheduler.schedule-arn>","input":{"wait":700}}'`,
)}`,
      { retryDelay: 1_000 },
    );
  }, 60_000);
  const worked = (): string[] =>
    ended(reports, 'Report').flatMap(({ logs }) =>
      logs.flatMap(({ text }) => /worked (\S+)/u.exec(text)?.[1] ?? []),
    );

  test('runs once, however often and however close its events come', async () => {
    const { fire } = scheduleOf(reports, 'Nightly');
    await Promise.all([fire(slot(1)), fire(slot(1))]);
    await fire(slot(1));
    expect(worked()).toEqual([slot(1).toISOString()]);
    // The second found it under way and failed, so that the retry would have run it after a crash.
    const [first, second, ...others] = ended(reports, 'Report').map(({ result }) => result?.ok);
    expect(first).toBe(!second);
    expect(others).toEqual([true, true]);
  });

  test('waits by failing while another slot runs, and its retry does it', async () => {
    const { fire } = scheduleOf(reports, 'Nightly');
    const before = ended(reports, 'Report').length;
    await Promise.all([fire(slot(2)), fire(slot(3))]);
    expect(worked().toSorted((a, b) => a.localeCompare(b))).toEqual(
      [1, 2, 3].map((day) => slot(day).toISOString()),
    );
    const refused = ended(reports, 'Report')
      .slice(before)
      .find(({ result }) => result?.ok === false);
    expect(refused?.result).toMatchObject({ ok: false, error: { errorType: 'SlotBusy' } });
  });

  test('comes by itself when the clock is moved over it', async () => {
    const next = scheduleOf(reports, 'Nightly').next();
    reports.clock.moveTo(new Date((next?.getTime() ?? 0) + 1_000));
    await until(() => worked().includes(next?.toISOString() ?? ''), 'the slot');
    expect(worked().length).toBe(4);
  });
});
