/**
 * Another queue for messages that will never be taken.
 *
 * @module
 */
import type { SQSRecord } from 'aws-lambda';

import { checkOptions, milliseconds } from '../handler/options.ts';
import type { PermanentFailure } from '../records/outcome.ts';
import type { SqsClient } from './client.ts';
import { attemptOf, groupOf, isFifo } from './event.ts';
import { client, queueUrl } from './options.ts';
import { Outbox } from './outbox.ts';
import { attributesOf, type OutgoingMessage } from './outgoing.ts';
import { withReason } from './reason.ts';

/** What {@link quarantine} takes. */
export interface QuarantineOptions {
  /** URL of the queue that takes the messages. */
  readonly queueUrl: string;
  /** An `SQSClient` of your own. Default: one with the SDK's settings, made when it is first needed. */
  readonly client?: SqsClient;
  /**
   * Milliseconds kept back before the deadline for sending; at most a quarter of the invocation's time. `signal`
   * aborts that much earlier. Default 1000.
   */
  readonly reserve?: number;
}

/** Where permanently failed messages go. Made by {@link quarantine}. */
export interface Quarantine {
  readonly kind: 'quarantine';
  readonly queueUrl: string;
  readonly reserve: number;
  /**
   * Opens it for one invocation.
   *
   * @returns a function that resolves once the queue has taken the message
   */
  readonly open: (signal: AbortSignal) => (record: SQSRecord, error: PermanentFailure) => Promise<void>;
}

const RESERVE_MS = 1000;

/**
 * Sends messages that fail permanently to another queue, at once, with the original body, attributes and trace, and
 * with why and whence they came as further attributes. A message that the queue does not take is reported failed: it
 * stays where it is, and comes again.
 *
 * @param options - the queue; the function needs `sqs:SendMessage` for it
 * @throws TypeError naming a wrong option
 * @example
 * sqsHandler({ message: Order, onPermanent: quarantine({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders-quarantine' }) }, ship);
 */
export function quarantine(options: QuarantineOptions): Quarantine {
  checkOptions('quarantine', options, { queueUrl, client, reserve: milliseconds });
  if ((options.queueUrl as unknown) === undefined)
    throw new TypeError('quarantine: option "queueUrl" must be given');
  const target = { queueUrl: options.queueUrl, client: options.client };
  const toFifo = isFifo(options.queueUrl);
  return {
    kind: 'quarantine',
    queueUrl: options.queueUrl,
    reserve: options.reserve ?? RESERVE_MS,
    open: (signal) => {
      const outbox = new Outbox(target, signal);
      return async (record, error) => {
        try {
          await outbox.send(quarantined(record, error, toFifo));
        } catch (cause) {
          throw new AggregateError(
            [error, cause],
            `The message failed permanently and could not be put into quarantine: ${error.message}`,
            { cause },
          );
        }
      };
    },
  };
}

/**
 * Its deduplication id is its own message id: sent twice it is there once, and another message that the producer
 * gave the same id is not swallowed.
 */
function quarantined(record: SQSRecord, error: PermanentFailure, toFifo: boolean): OutgoingMessage {
  const { messageId, body, messageAttributes, eventSourceARN: source } = record;
  // SQS knows no such message, but hands may make one.
  if (typeof (body as unknown) !== 'string') throw new TypeError('A message without a body cannot be sent');
  return {
    body,
    attributes: withReason(attributesOf(messageAttributes), {
      reason: error.message,
      source,
      messageId,
      attempts: attemptOf(record),
      time: new Date(),
    }),
    traceHeader: (record as Partial<SQSRecord>).attributes?.AWSTraceHeader, // hand-made events lack attributes
    ...(toFifo ? { groupId: groupOf(record) ?? messageId, deduplicationId: messageId } : {}),
  };
}
