/**
 * The event of an SQS queue: what is taken, and what is refused whole.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import type { SQSRecord } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';

const EXPECTED = 'an SQS event: { Records: [{ messageId, eventSource: "aws:sqs", … }] }';

/**
 * The records of an event. A record without an id makes the whole event foreign: nobody could report it failed, so a
 * batch that goes on without it would lose it.
 *
 * @throws TypeError naming the keys that came
 */
export function recordsOf(event: unknown): readonly SQSRecord[] {
  const records: unknown =
    typeof event === 'object' && event !== null && 'Records' in event ? event.Records : undefined;
  if (!Array.isArray(records)) throw foreignEvent(EXPECTED, event);
  for (const record of records)
    if (!isSqsRecord(record)) throw foreignEvent(`${EXPECTED} in Records`, record);
  return records;
}

/** Looks at what the answer hangs on; the body is looked at in the record's own work. */
function isSqsRecord(record: unknown): record is SQSRecord {
  if (typeof record !== 'object' || record === null) return false;
  const { messageId, eventSource } = record as Partial<SQSRecord>; // of unknown type until looked at, below
  return eventSource === 'aws:sqs' && typeof messageId === 'string' && messageId !== '';
}

/** Tells a FIFO queue by its ARN, name or URL. */
export function isFifo(queue: string | undefined): boolean {
  return queue?.endsWith('.fifo') === true;
}

/** The message group of a record; also records of standard queues may have one, for fair queues. */
export function groupOf(record: SQSRecord): string | undefined {
  return (record as Partial<SQSRecord>).attributes?.MessageGroupId; // hand-made events lack attributes
}

/** How often the message has been received, this time included. */
export function attemptOf(record: SQSRecord): number {
  const count = Number((record as Partial<SQSRecord>).attributes?.ApproximateReceiveCount); // see groupOf
  return Number.isInteger(count) && count > 0 ? count : 1;
}
