/**
 * A look into a queue, for people and for services in the same process.
 *
 * @module
 */
import type { MessageAttributes } from './digest.ts';
import { isInput } from './input.ts';
import type { MessageRecord, MessageState } from './message.ts';
import { systemAttributesOf } from './operations/receive.ts';
import { checkedDraft, send } from './sending.ts';
import { arnOf, urlOf } from './service.ts';
import type { SqsService } from './service.ts';

/** A message as it lies in its queue. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: MessageAttributes;
  /** The system attributes a receive would give: `SentTimestamp`, `ApproximateReceiveCount`… */
  readonly attributes: Readonly<Record<string, string>>;
  readonly state: MessageState;
  /** From when on it can be received, milliseconds since 1970. */
  readonly visibleAt: number;
}

/** A message to send, with the names of the API. */
export interface MessageToSend {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: MessageAttributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly MessageSystemAttributes?: MessageAttributes;
}

export interface LocalQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** What was set; what was not has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How many messages there were in each state when the view was asked for; ask for it anew to see how many there are. */
  readonly counts: Readonly<Record<MessageState, number>>;
  /**
   * The messages there are, the oldest first. Receives none of them.
   *
   * @param limit - how many at most; default: all
   */
  messages(limit?: number): readonly QueuedMessage[];
  /**
   * Sends a message as SendMessage does.
   *
   * @returns its id
   * @throws Error for a message the queue does not take
   */
  send(message: MessageToSend): string;
}

/** @returns undefined where there is no such queue */
export function queueView(service: SqsService, name: string): LocalQueue | undefined {
  const queue = service.store.find(name);
  if (queue === undefined) return undefined;
  return {
    name,
    url: urlOf(service, name),
    arn: arnOf(service, name),
    attributes: queue.record.attributes,
    counts: {
      visible: queue.count('visible'),
      'in flight': queue.count('in flight'),
      delayed: queue.count('delayed'),
    },
    messages(limit = Infinity) {
      const found: QueuedMessage[] = [];
      for (const { record, state } of service.store.find(name)?.messages() ?? []) {
        if (found.length >= limit) break;
        found.push(queued(service, record, state));
      }
      return found;
    },
    send(message) {
      const now = service.store.queue(name);
      const input: unknown = message;
      return isInput(input) ? (send(service, now, checkedDraft(now, input))['MessageId'] ?? '') : '';
    },
  };
}

function queued(service: SqsService, record: MessageRecord, state: MessageState): QueuedMessage {
  const attributes = Object.entries(systemAttributesOf(service, record)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    messageId: record.id,
    body: record.body,
    messageAttributes: record.attributes,
    attributes: Object.fromEntries(attributes),
    state,
    visibleAt: record.visibleAt,
  };
}
