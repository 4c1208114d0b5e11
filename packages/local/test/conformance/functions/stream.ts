/** Readers of streams. What becomes of a record stands in its key: `fail`, `fail once`; anything else is done. */
import { setTimeout as pause } from 'node:timers/promises';

import type {
  DynamoDBRecord,
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';

const tries = new Map<string, number>();

/** Reports every record that fails: Lambda takes the lowest. */
export async function reporting(event: DynamoDBStreamEvent | KinesisStreamEvent): Promise<object> {
  const failed = event.Records.filter((record) => isFailing(nameOf(record)));
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: numberOf(record) })) };
}

/** Throws where one fails. */
export async function throwing(event: DynamoDBStreamEvent | KinesisStreamEvent): Promise<void> {
  const bad = event.Records.map(nameOf).filter(isFailing);
  if (bad.length > 0) throw new Error(`cannot do ${bad.join(', ')}`);
}

export async function slow(event: DynamoDBStreamEvent): Promise<void> {
  await pause(150 * event.Records.length);
}

/** Adds up in a tumbling window. */
export async function counting(event: KinesisStreamEvent & { state: { seen?: number } }): Promise<object> {
  return { state: { seen: (event.state.seen ?? 0) + event.Records.length } };
}

function isFailing(name: string): boolean {
  const count = (tries.get(name) ?? 0) + 1;
  tries.set(name, count);
  return name.startsWith('fail once') ? count === 1 : name.startsWith('fail');
}

function nameOf(record: DynamoDBRecord | KinesisStreamRecord): string {
  if ('kinesis' in record) return Buffer.from(record.kinesis.data, 'base64').toString();
  return record.dynamodb?.Keys?.['pk']?.S ?? '';
}

function numberOf(record: DynamoDBRecord | KinesisStreamRecord): string {
  return 'kinesis' in record ? record.kinesis.sequenceNumber : (record.dynamodb?.SequenceNumber ?? '');
}
