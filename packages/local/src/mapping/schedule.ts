/**
 * A schedule of an EventBridge rule or of EventBridge Scheduler, on a clock that can be moved.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock/clock.ts';
import type { AppFunction, ScheduleTrigger } from '../template/app.ts';
import type { Asynchronous } from './asynchronous.ts';
import type { Listening, Tell } from './invoke.ts';
import { slotsOf } from './slots.ts';
import { inSeconds, targetInput } from './target-input.ts';

export interface ScheduleMappingOptions {
  readonly trigger: ScheduleTrigger;
  readonly declared: AppFunction;
  readonly region: string;
  readonly accountId: string;
  readonly asynchronous: Asynchronous;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** A schedule that runs by itself and can be fired by hand. */
export interface ScheduleMapping extends Listening {
  /**
   * Fires now, whether or not it is enabled: the slot is the given time or the current one.
   *
   * Resolves when the function is done with it, retries included.
   */
  readonly fire: (slot?: Date) => Promise<void>;
  /** When it fires next; undefined where it is over or disabled. */
  readonly next: () => Date | undefined;
}

/** Slots that fire where a clock that is moved, or a machine that slept, passes many at once. */
const BURST = 100;

/**
 * Fires at each slot of the expression, as EventBridge does, also at those that a clock passes on its way; of very
 * many at once the first 100, and it tells how many it left out.
 *
 * @throws TypeError that says what is wrong with the expression or the input
 */
export function scheduleMapping(options: ScheduleMappingOptions): ScheduleMapping {
  const { trigger, declared, clock, asynchronous, tell } = options;
  const slots = slotsOf(trigger.expression, trigger.timezone);
  const burst = burstOf((skipped) =>
    tell({
      kind: 'dropped',
      text: `${trigger.id}: of the slots that were passed at once, ${skipped} did not fire after the first ${BURST}`,
      traces: [],
    }),
  );
  let cancel: (() => void) | undefined;
  let upcoming: Date | undefined;

  const eventOf = trigger.by === 'rule' ? ruleEvent(options) : schedulerEvent(options);
  const fire = async (slot: Date): Promise<void> => {
    let event: unknown;
    try {
      event = eventOf(slot);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tell({ kind: 'dropped', text: `${trigger.id}, line ${trigger.place.line}: ${why}`, traces: [] });
      return;
    }
    await asynchronous.accept(declared, {
      trigger: { type: 'schedule', id: trigger.id, summary: `${trigger.name} at ${slot.toISOString()}` },
      event,
      traces: [],
    });
  };

  const wait = (from: Date): void => {
    const [slot] = slots.next(1, from);
    upcoming = slot;
    if (slot === undefined) return;
    cancel = clock.after(slot.getTime() - clock.now(), () => {
      // Nobody waits for it: how it ends is for the journal.
      if (burst.mayFire()) void fire(slot);
      wait(slot);
    });
  };
  if (trigger.enabled) wait(new Date(clock.now()));

  return {
    fire: (slot = new Date(clock.now())) => fire(slot),
    next: () => upcoming,
    stop() {
      cancel?.();
      upcoming = undefined;
      return Promise.resolve();
    },
  };
}

/** @param onEnd - told of how many were left out, once the burst is over */
function burstOf(onEnd: (skipped: number) => void): { mayFire(): boolean } {
  let fired = 0;
  return {
    mayFire() {
      if (fired === 0) {
        // A clock wakes whoever waits in one go: what comes after that is another time.
        setImmediate(() => {
          if (fired > BURST) onEnd(fired - BURST);
          fired = 0;
        });
      }
      fired += 1;
      return fired <= BURST;
    },
  };
}

function ruleEvent(options: ScheduleMappingOptions): (slot: Date) => unknown {
  const inputOf = targetInput(options.trigger);
  return (slot) => inputOf(scheduledEvent(options, slot, 'aws.events', {}), options.clock.now());
}

function schedulerEvent(options: ScheduleMappingOptions): (slot: Date) => unknown {
  const { input, arn } = options.trigger;
  return (slot) =>
    input === undefined
      ? scheduledEvent(options, slot, 'aws.scheduler', '{}')
      : (JSON.parse(filledIn(input, arn, inSeconds(slot.getTime()))) as unknown);
}

function scheduledEvent(
  { trigger, region, accountId }: ScheduleMappingOptions,
  slot: Date,
  source: string,
  detail: unknown,
): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: accountId,
    time: inSeconds(slot.getTime()),
    region,
    resources: [trigger.arn],
    detail,
  };
}

/** Scheduler puts its own values where the input names them. */
function filledIn(input: string, arn: string, time: string): string {
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', time)
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}
