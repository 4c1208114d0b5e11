/**
 * Options and functions → plain async function.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { DeadlineReached } from '../handler/deadline.ts';
import type { Invocation } from '../handler/invocation.ts';
import { buildTrigger } from '../handler/trigger.ts';
import { valueOf } from '../idempotency/idempotent.ts';
import { readJson, writeJson } from '../idempotency/json.ts';
import { type IdempotencyOptions, leaseOf, termsOf } from '../idempotency/options.ts';
import { type AnyCognitoEvent, type CognitoTrigger, eventOf, silentTriggers, triggerOf } from './event.ts';
import { CognitoView } from './input.ts';
import type { CognitoOptions, IdempotentTrigger, TriggerFunction } from './options.ts';
import { CognitoRefusal, CognitoTriggerFailed } from './refusal.ts';

/** Cognito gives up then, and calls again: three times in all. */
const PATIENCE_MS = 5000;

/**
 * Builds the function of a handler of triggers.
 *
 * @param factory - the name users know, for messages
 * @param options - checked by the factory before
 */
export function buildCognito(
  factory: string,
  options: CognitoOptions,
  functions: ReadonlyMap<CognitoTrigger, TriggerFunction>,
): (event: unknown, context?: Partial<Context>) => Promise<AnyCognitoEvent> {
  const serve = buildTrigger(options, {
    name: 'cognito',
    cap: PATIENCE_MS,
    correlationId: (event) => {
      eventOf(event); // it has no id of its own
      return undefined;
    },
    serve: async (invocation) => {
      // A copy: functions may write into it, and what they write is not the caller's.
      const event = structuredClone(eventOf(invocation.event));
      const trigger = triggerOf(event);
      const run = trigger === undefined ? undefined : functions.get(trigger);
      if (trigger === undefined || run === undefined) return unhandled(factory, options, event, invocation);
      try {
        const view = new CognitoView(event, invocation);
        const work = async (): Promise<object> => responseFrom(view, trigger, await run(view));
        const response = await (options.idempotency === undefined
          ? work()
          : once(options.idempotency, view, invocation, work));
        return { ...event, response };
      } catch (error) {
        throw error instanceof CognitoRefusal || error instanceof DeadlineReached
          ? error
          : new CognitoTriggerFailed(error);
      }
    },
  });
  // The trigger gives what `serve` above gives.
  return (event, context = {}) => serve(event, context) as Promise<AnyCognitoEvent>;
}

function unhandled(
  factory: string,
  { unknown = 'fail' }: CognitoOptions,
  event: AnyCognitoEvent,
  { logger }: Invocation,
): AnyCognitoEvent {
  const { triggerSource, version } = event;
  if (unknown === 'fail')
    throw new CognitoTriggerFailed(
      new Error(
        `${factory}: no function is for the trigger source "${triggerSource}", event version ${version}. Add one, take the trigger off the pool, or set unknown: 'pass'`,
      ),
    );
  logger.info('event passed on: no function is for it', { trigger_source: triggerSource });
  return event;
}

/** The response of this run, or that of the first one. */
async function once(
  idempotency: IdempotencyOptions<IdempotentTrigger>,
  view: CognitoView,
  invocation: Invocation,
  run: () => Promise<object>,
): Promise<object> {
  // The view is what the input describes.
  const input = view as unknown as IdempotentTrigger;
  const operation = idempotency.operation ?? `${invocation.context.functionName ?? 'handler'}:cognito`;
  const outcome = await idempotency.store.once<unknown>({
    operation,
    ...termsOf(idempotency),
    key: idempotency.key(input),
    payload: idempotency.payload?.(input),
    lease: leaseOf(idempotency.lease, invocation.timeLeft),
    signal: invocation.signal,
    run,
    write: writeJson,
    read: readJson,
    warn: (message, fields) => invocation.logger.warn(message, fields),
  });
  return valueOf(outcome) as object; // JSON of an object
}

/** @throws TypeError for what is no response */
function responseFrom(view: CognitoView, trigger: CognitoTrigger, returned: unknown): object {
  if (returned === undefined || silentTriggers.has(trigger)) return view.event.response;
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned))
    throw new TypeError(
      `A function for ${view.source} returned ${returned === null ? 'null' : typeof returned}; it must return fields of the response, or nothing`,
    );
  return { ...view.event.response, ...returned };
}
