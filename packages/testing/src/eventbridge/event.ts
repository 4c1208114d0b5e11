/**
 * The event that an EventBridge rule sends to Lambda.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
import type { EventBridgeEvent } from 'aws-lambda';

/** One event, as a test states it. */
export interface EventBridgeEntry {
  /** Who sent it. `test.source` if not given. */
  readonly source?: string;
  /** What happened. `Test Event` if not given. */
  readonly detailType?: string;
  /** Becomes what JSON makes of it. `{}` if not given. */
  readonly detail?: object;
  /** A new UUID if not given. */
  readonly id?: string;
  /** When it happened, kept to the second. Now if not given. */
  readonly time?: Date;
  /** ARNs of what it is about. None if not given. */
  readonly resources?: readonly string[];
  readonly region?: string;
  readonly account?: string;
  /** Name of the replay that sends it again. */
  readonly replay?: string;
}

/**
 * Builds the event that a rule without an input transformer sends to its target.
 *
 * @param entry - what the test has to say about it
 * @example
 * const event = eventBridgeEvent({ source: 'shop.orders', detailType: 'Order Placed', detail: { id: 'o1' } });
 * await invoke(handler, event);
 */
export function eventBridgeEvent(entry: EventBridgeEntry = {}): EventBridgeEvent<string, unknown> {
  const {
    source = 'test.source',
    detailType = 'Test Event',
    detail = {},
    id = crypto.randomUUID(),
    time = new Date(),
    resources = [],
    region = 'eu-west-1',
    account = '123456789012',
    replay,
  } = entry;
  return {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'), // EventBridge knows no fractions of a second
    region,
    resources: [...resources],
    detail: JSON.parse(JSON.stringify(detail)) as unknown, // nothing of the test's own gets in
    ...(replay === undefined ? {} : { 'replay-name': replay }),
  };
}
