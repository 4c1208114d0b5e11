/**
 * One completed run per slot, and one slot of a schedule at a time.
 *
 * @module
 */
import type { Invocation } from '../handler/invocation.ts';
import { leaseOf } from '../idempotency/options.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import { SlotBusy, SlotMismatch } from './errors.ts';
import type { Occasion } from './event.ts';
import { type CronOptions, DEFAULT_TTL_SECONDS } from './options.ts';

/**
 * Runs the work of a slot, unless it was done before.
 *
 * @param schedule - the schedule's name; `undefined` where neither the handler nor the event tells
 * @returns whether it ran
 */
export type RunSlot = (
  occasion: Occasion,
  schedule: string | undefined,
  invocation: Invocation,
  work: () => unknown,
) => Promise<boolean>;

/** Makes what runs slots, after the options. */
export function slotRunner({ once, ttl = DEFAULT_TTL_SECONDS, overlap = 'refuse' }: CronOptions): RunSlot {
  if (once === undefined) {
    return async (_occasion, _schedule, _invocation, work) => {
      await work();
      return true;
    };
  }
  return async (occasion, schedule, invocation, work) => {
    if (schedule === undefined) {
      throw new TypeError(
        'A slot is told by its schedule and time: set the option "schedule", or give scheduleArn',
      );
    }
    const call = { store: once, ttl, schedule, invocation };
    return slotOnce(call, occasion, overlap === 'allow' ? work : () => alone(call, work));
  };
}

interface Call {
  readonly store: IdempotencyStore;
  readonly ttl: number;
  readonly schedule: string;
  readonly invocation: Invocation;
}

/** A slot that is done stays so; one that failed is free for the next attempt. */
async function slotOnce(call: Call, { slot, input }: Occasion, work: () => unknown): Promise<boolean> {
  const outcome = await call.store.once<unknown>({
    ...termsOf(call, 'cron'),
    key: [call.schedule, slot.toISOString()],
    payload: input,
    run: work,
  });
  const { kind } = outcome;
  if (kind === 'executed') return true;
  if (kind === 'replayed' || kind === 'unavailable') return false;
  if (kind === 'inProgress') throw new SlotBusy(call.schedule, 'the slot', outcome.error.retryAfter);
  // A slot always has a key: what is left is a store that did not answer.
  throw kind === 'mismatch' ? new SlotMismatch(call.schedule) : outcome.error;
}

/** Within the claim of a slot: only its owner asks, so that a duplicate of a finished slot is never told to wait. */
async function alone(call: Call, work: () => unknown): Promise<void> {
  const outcome = await call.store.once<unknown>({
    ...termsOf(call, 'cron:running'),
    key: call.schedule,
    payload: undefined,
    keep: () => false, // given back for the next slot
    run: work,
  });
  if (outcome.kind === 'inProgress')
    throw new SlotBusy(call.schedule, 'another slot', outcome.error.retryAfter);
  if ('error' in outcome) throw outcome.error;
  if (outcome.kind === 'replayed') throw new TypeError('nothing is kept to be replayed');
}

function termsOf(
  { ttl, invocation }: Call,
  kind: string,
): {
  operation: string;
  required: true;
  ttl: number;
  lease: number;
  signal: AbortSignal;
  write: () => undefined;
  read: () => undefined;
  warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
} {
  return {
    // Two functions on one schedule each run its slots.
    operation: `${invocation.context.functionName ?? 'handler'}:${kind}`,
    required: true,
    ttl,
    lease: leaseOf(undefined, invocation.timeLeft), // nothing of an invocation outlives it
    signal: invocation.signal,
    // Nobody reads what a run returned: that it is done is all there is to keep.
    write: () => undefined,
    read: () => undefined,
    warn: (message, fields) => invocation.logger.warn(message, fields),
  };
}
