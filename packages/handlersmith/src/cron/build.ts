/**
 * Options → plain async function.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Invocation } from '../handler/invocation.ts';
import { type Check, checkOf } from '../handler/schema.ts';
import { buildTrigger } from '../handler/trigger.ts';
import { inWords } from '../records/refusal.ts';
import { type CronEvent, nameIn, type Occasion, occasionOf } from './event.ts';
import { Run } from './input.ts';
import { slotRunner } from './once.ts';
import type { CronOptions } from './options.ts';
import type { Schedule } from './schedule.ts';

/** Clocks of two machines differ by less. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Builds the function of a cron handler.
 *
 * @param factory - the name users know, for messages
 * @param work - the team's function
 * @throws TypeError naming a wrong option
 */
export function buildCron(
  factory: string,
  options: CronOptions,
  work: (input: never) => unknown,
): (event: CronEvent, context?: Partial<Context>) => Promise<void> {
  const check = options.input === undefined ? undefined : checkOf(`${factory}: input`, options.input);
  const runSlot = slotRunner(options);
  const called = work as (run: Run) => unknown; // `work` is typed by its options, which made the run

  const serve = buildTrigger(options, {
    name: 'cron',
    correlationId: (event) => occasionOf(event).slot.toISOString(),
    serve: async (invocation) => {
      const occasion = occasionOf(invocation.event);
      const { scheduleArn } = occasion;
      const schedule = options.schedule ?? (scheduleArn === undefined ? undefined : nameIn(scheduleArn));
      if (schedule !== undefined) invocation.logger.appendKeys({ schedule });
      if (scheduleArn === undefined) vetByHand(occasion, options.expression);
      const run = new Run(occasion, invocation);
      if (check !== undefined) run.input = await validated(check, occasion.input);
      const ran = await runSlot(occasion, schedule, invocation, () => called(run));
      tell(ran, run, invocation);
    },
  });
  return async (event, context = {}) => {
    await serve(event, context);
  };
}

/** Whoever types a time can mistype it, and a slot that is done is not done again. */
function vetByHand({ slot }: Occasion, expression: Schedule | undefined): void {
  const time = slot.toISOString();
  if (slot.getTime() > Date.now() + CLOCK_SKEW_MS)
    throw new TypeError(`slot: ${time} is in the future: it would be skipped then`);
  if (expression?.includes(slot) === false) {
    const next = expression.next(1, slot)[0]?.toISOString() ?? 'none';
    throw new TypeError(
      `slot: ${time} is no slot of ${expression.expression}${expression.timezone === undefined ? '' : ` in ${expression.timezone}`}; the next is ${next}`,
    );
  }
}

async function validated(check: Check, input: unknown): Promise<unknown> {
  const checked = await check(input);
  if (checked.issues === undefined) return checked.value;
  throw new TypeError(`input: does not match its schema: ${inWords(checked.issues)}`);
}

/** One line a run. */
function tell(ran: boolean, { slot, lag, attempt }: Run, invocation: Invocation): void {
  invocation.logger.info(ran ? 'slot done' : 'slot skipped: done before', {
    slot: slot.toISOString(),
    lag_ms: lag,
    duration_ms: invocation.elapsed(),
    attempt,
  });
}
