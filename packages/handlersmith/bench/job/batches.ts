/**
 * The events of the batch rows: SQS messages, changes of a DynamoDB stream.
 *
 * @module
 */
import type { AttributeValue, DynamoDBRecord, SQSRecord } from 'aws-lambda';

/** An event of the batch rows, by name. */
export type BatchScenario = keyof typeof events;

const events = {
  'sqs-10': () => sqsEvent(10, textBody),
  'sqs-1000': () => sqsEvent(1000, textBody),
  'sqs-10000': () => sqsEvent(10_000, textBody),
  /** Seven messages, of which the third and the last fail. */
  'sqs-check': () => sqsEvent(7, (index) => (index === 2 || index === 6 ? 'boom' : textBody(index))),
  'json-1000': () => sqsEvent(1000, jsonBody),
  /** Seven messages: the second does not match, the fourth is no JSON, on the last the business code throws. */
  'json-check': () => sqsEvent(7, (index) => wrongBodies[index] ?? jsonBody(index)),
  'images-1000': () => streamEvent(1000),
  'images-check': () => streamEvent(3),
  /** One order, which comes again and again. */
  replay: () => ({ id: 'order-1', total: 12.5 }),
} as const satisfies Record<string, () => object>;

const wrongBodies: Readonly<Record<number, string>> = {
  1: JSON.stringify({ name: '', price: -1 }),
  3: '{"name":"Blue',
  6: JSON.stringify({ name: 'boom', price: 1 }),
};

/** Tells an event of the batch rows by its name. */
export function isBatchScenario(name: string): name is BatchScenario {
  return Object.hasOwn(events, name);
}

/** The names of all that can be profiled. */
export const batchScenarios: readonly string[] = Object.keys(events).filter(
  (name) => !name.endsWith('-check'),
);

/**
 * Builds the event of a scenario.
 *
 * @returns a fresh event, parsed from text as the runtime client does
 */
export function batchFor(scenario: BatchScenario): object {
  return JSON.parse(JSON.stringify(events[scenario]())) as object;
}

/** How many records an event has; 1 for one that is no batch. */
export function recordsIn(scenario: string): number {
  return Number(/\d+$/.exec(scenario)?.[0] ?? 1);
}

const textBody = (index: number): string => `order ${index}`;

const jsonBody = (index: number): string => JSON.stringify({ name: `Blue widget ${index}`, price: 12.5 });

function sqsEvent(count: number, body: (index: number) => string): { Records: SQSRecord[] } {
  return { Records: Array.from({ length: count }, (_, index) => sqsRecord(index, body(index))) };
}

function sqsRecord(index: number, body: string): SQSRecord {
  return {
    messageId: `059f36b4-87a3-44ab-83d2-${String(index).padStart(12, '0')}`,
    receiptHandle: `AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:orders',
    awsRegion: 'us-east-2',
  };
}

function streamEvent(count: number): { Records: DynamoDBRecord[] } {
  return { Records: Array.from({ length: count }, (_, index) => streamRecord(index)) };
}

function streamRecord(index: number): DynamoDBRecord {
  return {
    eventID: `c4ca4238a0b923820dcc509a6f75${String(index).padStart(4, '0')}`,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-2',
    dynamodb: {
      ApproximateCreationDateTime: 1_479_499_740,
      Keys: { pk: { S: `ORDER#${index}` }, sk: { S: 'META' } },
      NewImage: orderImage(index),
      SequenceNumber: String(4_421_584_500_000_000 + index),
      SizeBytes: 480,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: 'arn:aws:dynamodb:us-east-2:123456789012:table/orders/stream/2026-01-01T00:00:00.000',
  };
}

/** An order with two lines: 21 attributes, most of them text and numbers. No bytes: the SDK does not decode those. */
function orderImage(index: number): Record<string, AttributeValue> {
  return {
    pk: { S: `ORDER#${index}` },
    sk: { S: 'META' },
    customer: { S: `customer-${index % 50}` },
    total: { N: '129.95' },
    version: { N: String(index) },
    paid: { BOOL: true },
    note: { NULL: true },
    tags: { SS: ['express', 'fragile'] },
    address: { M: { street: { S: '12 Main Street' }, city: { S: 'Springfield' }, zip: { S: '12345' } } },
    lines: { L: [lineOf('sku-1', '49.99'), lineOf('sku-2', '29.97')] },
  };
}

function lineOf(sku: string, price: string): AttributeValue {
  return { M: { sku: { S: sku }, quantity: { N: '2' }, price: { N: price }, gift: { BOOL: false } } };
}
