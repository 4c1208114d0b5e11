import type { Context, Handler, ScheduledEvent, ScheduledHandler } from 'aws-lambda';
import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';

import type { Logger } from '../observability/logger.ts';
import { cronHandler, type CronManifest, schedule, type SlotEvent } from './index.ts';

test('A8 a cron handler is a plain function of two parameters, fit for the types of Lambda', () => {
  const handler = cronHandler({}, () => {});
  expectTypeOf(handler).toExtend<ScheduledHandler>();
  expectTypeOf(handler).toExtend<Handler<ScheduledEvent, void>>();
  expectTypeOf(handler).toExtend<Handler<SlotEvent, void>>();
  expectTypeOf<Parameters<typeof handler>['length']>().toEqualTypeOf<1 | 2>();
  expectTypeOf(handler).returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf(handler.manifest).toEqualTypeOf<CronManifest>();
});

test('the input is what its schema gives, without generics', () => {
  cronHandler({ input: z.object({ report: z.string(), days: z.coerce.number() }) }, ({ input }) => {
    expectTypeOf(input).toEqualTypeOf<{ report: string; days: number }>();
  });
  cronHandler({}, ({ input }) => {
    expectTypeOf(input).toBeUnknown();
  });
});

test('C4 the slot is a Date, the lag a number', () => {
  cronHandler({}, ({ slot, lag, attempt, scheduleArn, logger, signal, remaining, context }) => {
    expectTypeOf(slot).toEqualTypeOf<Date>();
    expectTypeOf(lag).toBeNumber();
    expectTypeOf(attempt).toEqualTypeOf<number | undefined>();
    expectTypeOf(scheduleArn).toEqualTypeOf<string | undefined>();
    expectTypeOf(logger).toEqualTypeOf<Logger>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(remaining()).toBeNumber();
    expectTypeOf(context).toEqualTypeOf<Context>();
  });
});

test('defaults and resources are typed through', () => {
  const cron = cronHandler.extend({ input: z.string(), resources: async () => ({ reports: 1 }) });
  cron({ expression: schedule('rate(1 day)') }, ({ input, resources }) => {
    expectTypeOf(input).toBeString();
    expectTypeOf(resources).toEqualTypeOf<{ reports: number }>();
  });
  cron({ input: z.number() }, ({ input }) => {
    expectTypeOf(input).toBeNumber();
  });
  // @ts-expect-error -- an expression is checked by schedule() first
  cronHandler({ expression: 'rate(1 day)' }, () => {});
  // @ts-expect-error -- no such option
  cronHandler({ schedul: 'nightly' }, () => {});
});
