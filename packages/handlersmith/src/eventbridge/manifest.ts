/**
 * What an EventBridge handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { EventKind } from './on.ts';

/** What an EventBridge handler is and what it needs around it. */
export interface EventBridgeManifest {
  readonly trigger: 'eventbridge';
  readonly service: string | undefined;
  /** `OnFailureDestination`: of the function's asynchronous invocations, or an event that fails three times is lost. */
  readonly needs: readonly 'OnFailureDestination'[];
  /** Events there are functions for: what the rule's pattern should let through. */
  readonly events: readonly EventKind[];
  readonly unknown: 'fail' | 'ignore';
  readonly onPermanent: 'retry' | 'drop';
}
