/**
 * The event of an EventBridge rule: what is taken, and what is refused.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
import type { EventBridgeEvent } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';

/** An event of any source. */
export type AnyEvent = EventBridgeEvent<string, unknown>;

const EXPECTED = 'an EventBridge event: { id, source, "detail-type", detail, … }, with no input transformer';

/**
 * Looks at what the choice of a function hangs on.
 *
 * @throws TypeError naming the keys that came
 */
export function eventOf(event: unknown): AnyEvent {
  if (!isEvent(event)) throw foreignEvent(EXPECTED, event);
  return event;
}

function isEvent(event: unknown): event is AnyEvent {
  if (typeof event !== 'object' || event === null || !('detail' in event)) return false;
  const { id, source, 'detail-type': detailType } = event as Partial<AnyEvent>; // of unknown type until looked at, below
  return [id, source, detailType].every((each) => typeof each === 'string' && each !== '');
}
