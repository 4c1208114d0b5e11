/**
 * The event that Lambda makes of messages in a queue.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import { createHash, randomBytes } from 'node:crypto';

import type { SQSEvent, SQSRecord, SQSRecordAttributes } from 'aws-lambda';

import { md5OfAttributes, type SqsAttributeValue, wireAttributes } from './attributes.ts';

/** One message, as a test states it. */
export interface SqsMessage {
  /** A string as it is; anything else becomes JSON. `{}` if not given. */
  readonly body?: unknown;
  /** Message attributes: their types follow from the values. */
  readonly attributes?: Readonly<Record<string, SqsAttributeValue>>;
  /** A new UUID if not given. */
  readonly messageId?: string;
  /** How often it has been received, this time included. 1 if not given. */
  readonly attempt?: number;
  /** When it was sent. A second ago if not given. */
  readonly sentAt?: Date;
  /** Its group. `default` in a FIFO queue, none in a standard queue if not given. */
  readonly groupId?: string;
  /** Its deduplication id, of a FIFO queue only. What content-based deduplication makes of the body if not given. */
  readonly deduplicationId?: string;
  /** The X-Ray trace it was sent in. */
  readonly traceHeader?: string;
  /** ARN of the queue whose redrive policy moved it here. */
  readonly deadLetterSource?: string;
}

/** Where the messages are. */
export interface SqsQueue {
  /** Name of the queue; a FIFO queue's ends with `.fifo`. `test-queue` if not given. */
  readonly queue?: string;
  readonly region?: string;
  readonly account?: string;
}

/** Numbers of messages in FIFO queues have twenty digits and only ever rise. */
const FIRST_SEQUENCE = 18_870_000_000_000_000_000n;
const SEQUENCE_STEP = 256n;
let sequence = FIRST_SEQUENCE;

/**
 * Builds the event of a batch of messages. Ids, receipt handles, sums, sequence numbers and times are computed, so
 * that no two messages share what tells them apart.
 *
 * @param messages - in their order; a string is a body
 * @param queue - the queue they come from
 * @throws TypeError when no such event can come from that queue
 * @example
 * const event = sqsEvent([{ body: { id: 'o1' }, attributes: { tenant: 'a' } }, { body: 'not JSON', attempt: 3 }]);
 * event.Records[1].attributes.ApproximateReceiveCount; // '3'
 */
export function sqsEvent(messages: readonly (SqsMessage | string)[], queue: SqsQueue = {}): SQSEvent {
  const stated = messages.map((message) => (typeof message === 'string' ? { body: message } : message));
  return { Records: stated.map((message) => sqsRecord(message, queue)) };
}

function sqsRecord(message: SqsMessage, queue: SqsQueue): SQSRecord {
  const { queue: name = 'test-queue', region = 'eu-west-1', account = '123456789012' } = queue;
  const { body = {}, messageId = crypto.randomUUID(), attributes = {} } = message;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const messageAttributes = wireAttributes(attributes);
  return {
    messageId,
    // A new one for each delivery: nothing may hang on it.
    receiptHandle: randomBytes(96).toString('base64'),
    body: text,
    attributes: systemAttributes(message, text, name),
    messageAttributes,
    md5OfBody: createHash('md5').update(text).digest('hex'),
    ...(Object.keys(messageAttributes).length === 0
      ? {}
      : { md5OfMessageAttributes: md5OfAttributes(messageAttributes) }),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${region}:${account}:${name}`,
    awsRegion: region,
  };
}

function systemAttributes(message: SqsMessage, text: string, queue: string): SQSRecordAttributes {
  const { attempt = 1, sentAt = new Date(Date.now() - 1000), groupId, deduplicationId } = message;
  const received = Math.max(sentAt.getTime(), Date.now());
  return {
    ApproximateReceiveCount: String(attempt),
    SentTimestamp: String(sentAt.getTime()),
    SenderId: 'AROAEXAMPLEEXAMPLE123:sender',
    ApproximateFirstReceiveTimestamp: String(attempt === 1 ? received : sentAt.getTime()),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
    ...(queue.endsWith('.fifo')
      ? {
          SequenceNumber: nextSequence(),
          MessageGroupId: groupId ?? 'default',
          MessageDeduplicationId: deduplicationId ?? createHash('sha256').update(text).digest('hex'),
        }
      : standardOnly(groupId, deduplicationId)),
  };
}

/** Groups of standard queues are what fair queues are fair to. */
function standardOnly(
  groupId: string | undefined,
  deduplicationId: string | undefined,
): Partial<SQSRecordAttributes> {
  if (deduplicationId !== undefined)
    throw new TypeError('deduplicationId: only FIFO queues have one, and their names end with .fifo');
  return groupId === undefined ? {} : { MessageGroupId: groupId };
}

function nextSequence(): string {
  sequence += SEQUENCE_STEP;
  return String(sequence);
}
