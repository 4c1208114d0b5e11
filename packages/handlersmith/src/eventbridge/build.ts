/**
 * Options and functions → plain async function.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { Invocation } from '../handler/invocation.ts';
import type { Checked } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { buildTrigger } from '../handler/trigger.ts';
import { runOnce } from '../idempotency/record.ts';
import { PermanentFailure, Skipped } from '../records/outcome.ts';
import { inWords, refused } from '../records/refusal.ts';
import { type AnyEvent, eventOf } from './event.ts';
import { EventView } from './input.ts';
import type { EventTable, EventWork } from './on.ts';
import { type EventBridgeOptions, idempotencyOf, type IdempotentEvent } from './options.ts';

/**
 * Builds the function of a handler of events.
 *
 * @param factory - the name users know, for messages
 * @param options - checked by the factory before
 */
export function buildEventBridge(
  factory: string,
  options: EventBridgeOptions,
  table: EventTable,
): (event: unknown, context?: Partial<Context>) => Promise<void> {
  const { unknown = 'fail', onPermanent = 'retry' } = options;
  const once = runOnce(factory, 'eventbridge', idempotencyOf(options));

  const run = async (work: EventWork, view: EventView, invocation: Invocation): Promise<void> => {
    if (work.check !== undefined) {
      const checked = work.check(view.detail);
      take(view, isThenable(checked) ? await checked : checked);
      view.signal.throwIfAborted(); // what begins now would run in a later invocation
    }
    // The view is what the input describes; its kind is the one the function is for.
    const input = view as unknown as IdempotentEvent;
    const returned = await once(input, invocation, view, () => work.run(view));
    if (returned instanceof Skipped) view.logger.info('event skipped', { reason: returned.reason });
  };

  const serve = buildTrigger(options, {
    name: 'eventbridge',
    correlationId: (event) => eventOf(event).id,
    serve: async (invocation) => {
      const event = eventOf(invocation.event);
      const found = table.get(event.source)?.get(event['detail-type']);
      if (found === undefined) {
        if (unknown === 'fail') throw unknownEvent(factory, event);
        invocation.logger.info('event ignored: no function is for it', kindOf(event));
        return;
      }
      try {
        await run(found, new EventView(event, invocation), invocation);
      } catch (error) {
        if (onPermanent === 'retry' || !(error instanceof PermanentFailure)) throw error;
        invocation.logger.error('event failed', { permanent: true, handling: 'dropped', error });
      }
    },
  });
  // The trigger gives what `serve` above gives.
  return (event, context = {}) => serve(event, context) as Promise<void>;
}

function take(view: EventView, checked: Checked): void {
  if (checked.issues !== undefined)
    throw refused(
      `The detail of "${view.detailType}" from "${view.source}" did not match the schema: ${inWords(checked.issues)}`,
    );
  view.detail = checked.value;
}

function kindOf({ source, 'detail-type': detailType }: AnyEvent): Record<string, string> {
  return { source, detail_type: detailType };
}

function unknownEvent(factory: string, { source, 'detail-type': detailType }: AnyEvent): PermanentFailure {
  return refused(
    `${factory}: no function is for events with source "${source}" and detail-type "${detailType}". Add on({ source, detailType }, run), narrow the rule's pattern, or set unknown: 'ignore'`,
  );
}
