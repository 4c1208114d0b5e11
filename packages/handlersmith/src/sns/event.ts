/**
 * The event of an SNS topic: what is taken, and what is refused whole.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
import type { SNSEventRecord } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';

const EXPECTED = 'an SNS event: { Records: [{ EventSource: "aws:sns", Sns: { MessageId, TopicArn, … } }] }';

/**
 * The records of an event.
 *
 * @throws TypeError naming the keys that came
 */
export function recordsOf(event: unknown): readonly SNSEventRecord[] {
  const records: unknown =
    typeof event === 'object' && event !== null && 'Records' in event ? event.Records : undefined;
  if (!Array.isArray(records)) throw foreignEvent(EXPECTED, event);
  for (const record of records)
    if (!isSnsRecord(record)) throw foreignEvent(`${EXPECTED} in Records`, record);
  return records;
}

/** Looks at what tells a message from another; its text is looked at in the record's own work. */
function isSnsRecord(record: unknown): record is SNSEventRecord {
  if (typeof record !== 'object' || record === null) return false;
  const { EventSource, Sns } = record as { EventSource?: unknown; Sns?: unknown }; // looked at here
  if (EventSource !== 'aws:sns' || typeof Sns !== 'object' || Sns === null) return false;
  return 'MessageId' in Sns && typeof Sns.MessageId === 'string' && Sns.MessageId !== '';
}
