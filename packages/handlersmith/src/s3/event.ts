/**
 * From an event to the records in it, whatever envelopes they came in.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/NotificationHowTo.html
 */
import type { S3Event, S3NotificationEvent, SNSEvent, SQSEvent, SQSRecord } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';
import type { PermanentFailure } from '../records/outcome.ts';
import { refused } from '../records/refusal.ts';
import { type Notified, readEventBridge, readRecord } from './notification.ts';

/** What S3 sends once, when a notification is set up. */
export interface S3TestEvent {
  readonly Service: string;
  readonly Event: string;
  readonly Time: string;
  readonly Bucket: string;
  readonly RequestId: string;
  readonly HostId: string;
}

/** Events that come straight to the function: by S3, SNS or EventBridge. What fails is thrown. */
export type DirectEvent = S3Event | SNSEvent | S3NotificationEvent | S3TestEvent;

/** An event, told by its shape. */
export type Delivery =
  | { readonly carrier: 'queue'; readonly messages: readonly SQSRecord[] }
  | { readonly carrier: 'direct'; readonly event: unknown; readonly id: string | undefined };

/** A record, or why there is none to be had. */
export type Found = Notified | PermanentFailure;

type Loose = Readonly<Record<string, unknown>>;

const EXPECTED =
  'an event of S3: { Records: [{ eventSource: "aws:s3", s3 }] }, one of SNS or SQS that carries it, or one of EventBridge with source "aws.s3"';

/**
 * Looks at an event, not at what it carries: that is for each record's own work.
 *
 * @throws TypeError for a foreign event: names what was expected and the keys that came
 */
export function deliveryOf(event: unknown): Delivery {
  if (isTestEvent(event)) return { carrier: 'direct', event, id: undefined };
  if (isEventBridge(event)) return { carrier: 'direct', event, id: textOf(event['id']) };
  const records: unknown = isObject(event) ? event['Records'] : undefined;
  if (!Array.isArray(records)) throw foreignEvent(EXPECTED, event);
  if (records.length > 0 && records.every(isMessage)) return { carrier: 'queue', messages: records };
  for (const record of records) if (!isDirect(record)) throw foreignEvent(`${EXPECTED}; in Records`, record);
  return { carrier: 'direct', event, id: records.length === 1 ? idOf(records[0]) : undefined };
}

/**
 * All records of an event, its envelopes taken off. What cannot be read takes its place among them, and fails alone.
 *
 * @param value - an event of S3, SNS or EventBridge, an SNS envelope, or S3's test event, which holds none
 */
export function unfold(value: unknown): readonly Found[] {
  if (isTestEvent(value)) return [];
  if (isEventBridge(value)) return [attempt(() => readEventBridge(value))];
  if (!isObject(value)) return [refused(foreignEvent(EXPECTED, value).message)];
  if (value['Type'] === 'Notification') return unfoldText(value['Message']);
  const records = value['Records'];
  if (!Array.isArray(records)) return [refused(foreignEvent(EXPECTED, value).message)];
  return records.flatMap((record: unknown) => {
    if (!isObject(record)) return [refused(foreignEvent(EXPECTED, record).message)];
    if (record['EventSource'] === 'aws:sns')
      return unfoldText(isObject(record['Sns']) ? record['Sns']['Message'] : undefined);
    if (record['eventSource'] === 'aws:s3') return [attempt(() => readRecord(record))];
    return [refused(foreignEvent(EXPECTED, record).message)];
  });
}

/** The same, of the text that an envelope holds. */
export function unfoldText(text: unknown): readonly Found[] {
  if (typeof text !== 'string') return [refused('The envelope holds no text')];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return [refused(`Expected ${EXPECTED}, got text that is not JSON (${text.length} characters)`)];
  }
  return unfold(value);
}

function attempt(read: () => Notified): Found {
  try {
    return read();
  } catch (error) {
    return error as PermanentFailure; // readers throw nothing else
  }
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null;
}

function isTestEvent(value: unknown): boolean {
  return isObject(value) && value['Event'] === 's3:TestEvent' && !('Records' in value);
}

function isEventBridge(value: unknown): value is Loose {
  return isObject(value) && value['source'] === 'aws.s3' && 'detail' in value;
}

/** Looks at what the answer hangs on. */
function isMessage(record: unknown): record is SQSRecord {
  if (!isObject(record)) return false;
  const { messageId, eventSource } = record;
  return eventSource === 'aws:sqs' && typeof messageId === 'string' && messageId !== '';
}

function isDirect(record: unknown): boolean {
  return isObject(record) && (record['eventSource'] === 'aws:s3' || record['EventSource'] === 'aws:sns');
}

/** What ties the lines of an invocation together: the request to S3, or the notification of SNS. */
function idOf(record: unknown): string | undefined {
  if (!isObject(record)) return undefined;
  const { responseElements: response, Sns: sns } = record;
  if (isObject(sns)) return textOf(sns['MessageId']);
  return isObject(response) ? textOf(response['x-amz-request-id']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Everything {@link s3Handler} takes. */
export type AnyS3Event = DirectEvent | SQSEvent;
