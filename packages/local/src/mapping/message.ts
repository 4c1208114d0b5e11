/**
 * Messages of a queue as events have them.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
import { isRecord } from './answer.ts';

/** Bytes of an event that is made of messages, as JSON. */
const EVENT_BYTES = 6 * 1024 * 1024;

/** What an event has around its records, and between two of them, in bytes. */
const AROUND = '{"Records":[]}'.length;
const BETWEEN = 1;

export interface Message {
  readonly id: string;
  readonly receiptHandle: string;
  readonly record: Readonly<Record<string, unknown>>;
  /** Bytes, as JSON. */
  readonly size: number;
  readonly trace: string | undefined;
  readonly attempt: number;
}

/** A message as the event has it: lower-case names, empty lists where the API has none. */
export function readMessage(message: Record<string, unknown>, source: string, region: string): Message {
  const attributes = isRecord(message['Attributes']) ? message['Attributes'] : {};
  const own = isRecord(message['MessageAttributes']) ? message['MessageAttributes'] : {};
  const trace = attributes['AWSTraceHeader'];
  const record = {
    messageId: message['MessageId'],
    receiptHandle: message['ReceiptHandle'],
    body: message['Body'],
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(own).map(([name, value]) => [name, attributeOf(value)]),
    ),
    ...(message['MD5OfMessageAttributes'] !== undefined && {
      md5OfMessageAttributes: message['MD5OfMessageAttributes'],
    }),
    md5OfBody: message['MD5OfBody'],
    eventSource: 'aws:sqs',
    eventSourceARN: source,
    awsRegion: region,
  };
  return {
    id: String(message['MessageId']),
    receiptHandle: String(message['ReceiptHandle']),
    record,
    size: Buffer.byteLength(JSON.stringify(record)),
    trace: typeof trace === 'string' ? trace : undefined,
    attempt: Number(attributes['ApproximateReceiveCount'] ?? 1),
  };
}

/** A filter looks into a body that is JSON, and at any other as text. */
export function filterView(record: Readonly<Record<string, unknown>>): unknown {
  const { body } = record;
  if (typeof body !== 'string') return record;
  try {
    return { ...record, body: JSON.parse(body) as unknown };
  } catch {
    return record;
  }
}

/** Whether messages fill an event, or more than that. */
export function isFull(messages: readonly Message[]): boolean {
  return messages.reduce((sum, { size }) => sum + size + BETWEEN, AROUND) >= EVENT_BYTES;
}

/** Messages in their order, as parts of which each fits into one event. */
export function inEvents(messages: readonly Message[]): Message[][] {
  const parts: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const taken = message.size + BETWEEN;
    const last = parts.at(-1);
    if (last === undefined || taken > room) {
      parts.push([message]);
      room = EVENT_BYTES - AROUND - taken;
    } else {
      last.push(message);
      room -= taken;
    }
  }
  return parts;
}

function attributeOf(value: unknown): object {
  const { StringValue, BinaryValue, DataType } = isRecord(value) ? value : {};
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}
