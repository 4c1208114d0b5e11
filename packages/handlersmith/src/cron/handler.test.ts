import {
  captureLogs,
  frozen,
  invoke,
  lambdaContext,
  scheduledEvent,
  schedulerEvent,
} from '@handlersmith/testing';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

import { memoryStore } from '../idempotency/memory.ts';
import { cronHandler, type CronOptions, schedule } from './index.ts';

const time = new Date('2026-11-01T02:00:00.000Z');
const quiet = { logger: false } as const;
const slotInput = {
  slot: '<aws.scheduler.scheduled-time>',
  scheduleArn: '<aws.scheduler.schedule-arn>',
  attempt: '<aws.scheduler.attempt-number>',
};

describe('A6 refuses', () => {
  it.each<[options: unknown, why: string]>([
    [{ schedul: 'nightly' }, 'cronHandler: unknown option "schedul". Did you mean "schedule"?'],
    [{ schedule: '' }, 'option "schedule" must be a non-empty string'],
    [
      { schedule: 'nightly', expression: 'cron(0 2 * * ? *)' },
      `option "expression" must be schedule('cron(…)')`,
    ],
    [{ input: {} }, 'option "input" must be a Standard Schema or a precompiled Ajv function'],
    [{ once: { claim: () => {} } }, 'option "once" must be a store, such as dynamoStore({ tableName })'],
    [{ ttl: 5 }, 'option "ttl" says nothing without "once"'],
    [{ overlap: 'allow' }, 'option "overlap" says nothing without "once"'],
    [{ once: memoryStore(), ttl: 0 }, 'option "ttl" must be a number of seconds, more than 0'],
    [{ once: memoryStore(), overlap: 'wait' }, `option "overlap" must be 'refuse' or 'allow'`],
    [undefined, 'expected an object of options'],
  ])('%j', (options, why) => {
    expect(() => cronHandler(options as CronOptions, () => {})).toThrow(TypeError);
    expect(() => cronHandler(options as CronOptions, () => {})).toThrow(why);
  });

  it('a handler without a function, and wrong defaults', () => {
    expect(() => cronHandler({}, undefined as never)).toThrow('the second parameter must be a function');
    expect(() => cronHandler.extend({ scedule: 'x' } as CronOptions)).toThrow(
      'cronHandler.extend: unknown option "scedule"',
    );
  });

  it('an asynchronous Ajv function for the input', () => {
    const input = Object.assign(async () => true, { $async: true });
    expect(() => cronHandler({ input: input as never }, () => {})).toThrow('cronHandler: input:');
  });
});

describe('what run gets', () => {
  it('C1 C4 the slot of a rule as a Date, and the lag', async () => {
    const seen: unknown[] = [];
    let lag = 0;
    const handler = cronHandler(quiet, (run) => {
      seen.push(run.slot, run.scheduleArn, run.attempt);
      ({ lag } = run);
    });
    const due = new Date(Date.now() - 90_000);
    due.setUTCMilliseconds(0);
    expect(await invoke(handler, frozen(scheduledEvent({ rule: 'nightly', time: due })))).toBeUndefined();
    expect(seen).toEqual([due, 'arn:aws:events:eu-west-1:123456789012:rule/nightly', undefined]);
    expect(lag).toBeGreaterThanOrEqual(90_000);
    expect(lag).toBeLessThan(100_000);
  });

  it('C1 the slot of a Scheduler schedule, its attempt and its validated input', async () => {
    const input = z.object({ report: z.string(), days: z.number().default(7) });
    const seen: unknown[] = [];
    const handler = cronHandler({ ...quiet, input }, (run) => {
      seen.push(run.slot, run.input, run.attempt, run.scheduleArn);
    });
    const template = { ...slotInput, input: { report: 'sales' } };
    await invoke(handler, frozen(schedulerEvent(template, { schedule: 'nightly', time, attempt: 2 })));
    expect(seen).toEqual([
      time,
      { report: 'sales', days: 7 },
      2,
      'arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly',
    ]);
  });

  it('no negative lag when the clock of this machine is behind', async () => {
    let lag: number | undefined;
    const handler = cronHandler(quiet, (run) => {
      ({ lag } = run);
    });
    await invoke(handler, scheduledEvent({ time: new Date(Date.now() + 30_000) }));
    expect(lag).toBe(0);
  });

  it('A5 a signal, the time that is left, resources and the context', async () => {
    const handler = cronHandler({ ...quiet, resources: () => 'made once' }, (run) => {
      expect(run.signal.aborted).toBe(false);
      expect(run.remaining()).toBeLessThanOrEqual(4_800);
      expect(run.resources).toBe('made once');
      expect(run.context.functionName).toBe('reports');
      expect(run.event).toHaveProperty('source', 'aws.events');
      run.tracer.annotate('kind', 'nightly');
    });
    await invoke(handler, scheduledEvent(), lambdaContext({ functionName: 'reports', timeout: 5_000 }));
    expect.assertions(5);
  });

  it('A4 works without a context', async () => {
    const handler = cronHandler(quiet, ({ remaining }) => expect(remaining()).toBe(Infinity));
    await handler(scheduledEvent());
    expect.assertions(1);
  });

  it('A5 stops at the deadline, with the signal first', async () => {
    const handler = cronHandler({ ...quiet, deadlineMargin: 50 }, async ({ signal }) => {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    await expect(invoke(handler, scheduledEvent(), lambdaContext({ timeout: 150 }))).rejects.toThrow(
      "ms before its own or its caller's timeout",
    );
  });
});

describe('bad input', () => {
  it('A9 a foreign event is refused, and nothing runs', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler(quiet, run);
    await expect(invoke(handler, { Records: [] })).rejects.toThrow(/Scheduled Event.*keys Records/);
    await expect(invoke(handler, schedulerEvent({ report: 'sales' }))).rejects.toThrow(
      '"slot":"<aws.scheduler.scheduled-time>"',
    );
    expect(run).not.toHaveBeenCalled();
  });

  it('an input that its schema refuses says where, and nothing runs: the slot stays free', async () => {
    const run = vi.fn<() => void>();
    const once = memoryStore();
    const handler = cronHandler({ ...quiet, once, input: z.object({ report: z.string() }) }, run);
    await expect(
      invoke(handler, schedulerEvent({ ...slotInput, input: { report: 5 } }, { time })),
    ).rejects.toThrow(/^input: does not match its schema: \/report: /);
    expect(run).not.toHaveBeenCalled();
    await invoke(handler, schedulerEvent({ ...slotInput, input: { report: 'sales' } }, { time }));
    expect(run).toHaveBeenCalledOnce();
  });

  it.each([
    [
      'an error',
      () => {
        throw new Error('boom');
      },
      'boom',
    ],
    ['a rejection', () => Promise.reject(new Error('late boom')), 'late boom'],
  ])('%s of run is thrown on, for Lambda to try again', async (_name, run, why) => {
    await expect(invoke(cronHandler(quiet, run), scheduledEvent())).rejects.toThrow(why);
  });
});

describe('C4 by hand', () => {
  const expression = schedule('cron(0 2 * * ? *)');

  it('runs a slot of long ago, with an input', async () => {
    const seen: unknown[] = [];
    const handler = cronHandler(
      { ...quiet, schedule: 'nightly', expression },
      ({ slot, input, scheduleArn }) => {
        seen.push(slot, input, scheduleArn);
      },
    );
    await invoke(handler, { slot: '2026-01-01T02:00:00Z', input: { report: 'sales' } });
    expect(seen).toEqual([new Date('2026-01-01T02:00:00Z'), { report: 'sales' }, undefined]);
  });

  it('refuses a time that is no slot of the expression, and names the next', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: 'nightly', expression }, run);
    await expect(invoke(handler, { slot: '2026-01-01T01:00:00Z' })).rejects.toThrow(
      'slot: 2026-01-01T01:00:00.000Z is no slot of cron(0 2 * * ? *); the next is 2026-01-01T02:00:00.000Z',
    );
    expect(run).not.toHaveBeenCalled();
    // What AWS sends is taken: the template may have been changed by hand.
    await invoke(handler, scheduledEvent({ time: new Date('2026-01-01T01:00:00Z') }));
    expect(run).toHaveBeenCalledOnce();
  });

  it('refuses a slot of the future: when it comes it would count as done', async () => {
    const run = vi.fn<() => void>();
    const handler = cronHandler({ ...quiet, schedule: 'nightly' }, run);
    const slot = new Date(Date.now() + 3_600_000).toISOString();
    await expect(invoke(handler, { slot })).rejects.toThrow('is in the future');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('O1 logs', () => {
  it('one line a run, with slot, schedule and lag; the slot ties all lines together', async () => {
    const { lines } = await captureLogs(async () => {
      const handler = cronHandler({ service: 'reports' }, ({ logger }) => logger.info('working'));
      const event = schedulerEvent(slotInput, { schedule: 'nightly', time, attempt: 2 });
      await invoke(handler, event);
    });
    const common = {
      correlation_id: '2026-11-01T02:00:00.000Z',
      schedule: 'default/nightly',
      service: 'reports',
    };
    expect(lines).toEqual([
      expect.objectContaining({ ...common, message: 'working' }),
      expect.objectContaining({
        ...common,
        message: 'slot done',
        slot: '2026-11-01T02:00:00.000Z',
        attempt: 2,
        lag_ms: expect.any(Number),
        duration_ms: expect.any(Number),
      }),
    ]);
  });

  it('a failure once, with its error, and keys of no other slot', async () => {
    const { lines } = await captureLogs(async () => {
      const handler = cronHandler({}, ({ scheduleArn }) => {
        if (scheduleArn !== undefined) throw new Error('boom');
      });
      await invoke(handler, scheduledEvent({ rule: 'nightly', time })).catch(() => {});
      await invoke(handler, { slot: '2026-11-02T02:00:00Z' });
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      level: 'ERROR',
      message: 'invocation failed',
      correlation_id: '2026-11-01T02:00:00.000Z',
      schedule: 'nightly',
      error: { message: 'boom' },
    });
    expect(lines[1]).toMatchObject({ message: 'slot done', correlation_id: '2026-11-02T02:00:00.000Z' });
    expect(lines[1]).not.toHaveProperty('schedule');
  });
});

it('says what it is, as plain data', () => {
  const once = memoryStore();
  const expression = schedule('cron(0 2 * * ? *)', { timezone: 'Europe/Berlin' });
  expect(cronHandler({ ...quiet, schedule: 'nightly', once, expression }, () => {}).manifest).toEqual({
    trigger: 'cron',
    service: undefined,
    needs: ['SlotInInput', 'OnFailure'],
    schedule: 'nightly',
    expression: 'cron(0 2 * * ? *)',
    timezone: 'Europe/Berlin',
    once: true,
    input: undefined,
  });
  expect(cronHandler(quiet, () => {}).manifest).toMatchObject({ once: false, schedule: undefined });
});

it('extends with defaults; own options go first, what contradicts by itself may be completed', async () => {
  const cron = cronHandler.extend({ ...quiet, service: 'reports', ttl: 60 });
  const handler = cron.extend({ schedule: 'shared' })({ schedule: 'own', once: memoryStore() }, () => {});
  expect(handler.manifest).toMatchObject({ service: 'reports', schedule: 'own', once: true });
  expect(() => cron({}, () => {})).toThrow('"ttl" says nothing without "once"');
});

it('runs middlewares round it, and never changes the event', async () => {
  const seen: unknown[] = [];
  const use = [
    { before: ({ event }: { event: object }) => void Object.assign(event, { time: '2020-01-01T00:00:00Z' }) },
  ];
  const handler = cronHandler({ ...quiet, use: use as never }, ({ slot }) => seen.push(slot));
  await invoke(handler, frozen(scheduledEvent({ time })));
  expect(seen).toEqual([new Date('2020-01-01T00:00:00Z')]);
});
