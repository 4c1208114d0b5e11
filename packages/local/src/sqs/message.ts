/**
 * A message as a queue keeps it.
 *
 * @module
 */
import type { MessageAttributes } from './digest.ts';

/** Everything about a message that outlives a restart. Times are milliseconds since 1970. */
export interface MessageRecord {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The X-Ray header it was sent with. */
  readonly trace?: string;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly sequence?: string;
  /** ARN of the queue it came from, in a dead-letter queue. */
  readonly deadLetterSource?: string;
  readonly sentAt: number;
  /** From when on it may be received. */
  readonly visibleAt: number;
  /** How often it was received. */
  readonly receives: number;
  readonly firstReceivedAt?: number;
  readonly receivedAt?: number;
  /** What the receipt handle of the last receive ends on. */
  readonly receipt?: string;
}

export type MessageState = 'visible' | 'in flight' | 'delayed';

/** A message in its queue. Its queue alone changes it. */
export interface Held {
  record: MessageRecord;
  state: MessageState;
}
