/**
 * The events of streams: what is taken, and what is refused whole.
 *
 * @module
 */
import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';

const KINDS = {
  'aws:dynamodb': 'a DynamoDB stream event: { Records: [{ eventSource: "aws:dynamodb", dynamodb, … }] }',
  'aws:kinesis': 'a Kinesis event: { Records: [{ eventSource: "aws:kinesis", kinesis, … }] }',
} as const;

/** @throws TypeError naming the keys that came */
export function dynamoRecordsOf(event: unknown): readonly DynamoDBRecord[] {
  return recordsOf('aws:dynamodb', event) as readonly DynamoDBRecord[]; // the source was looked at
}

/** @throws TypeError naming the keys that came */
export function kinesisRecordsOf(event: unknown): readonly KinesisStreamRecord[] {
  return recordsOf('aws:kinesis', event) as readonly KinesisStreamRecord[]; // the source was looked at
}

/** A record of another source makes the whole event foreign: what reads it would take it for something else. */
function recordsOf(source: keyof typeof KINDS, event: unknown): readonly unknown[] {
  const records: unknown = isObject(event) ? event['Records'] : undefined;
  if (!Array.isArray(records)) throw foreignEvent(KINDS[source], event);
  for (const record of records)
    if (!isObject(record) || record['eventSource'] !== source)
      throw foreignEvent(`${KINDS[source]} in Records`, record);
  return records;
}

/** What Lambda says of the tumbling window a batch belongs to. */
export interface WindowEvent {
  readonly start: string;
  readonly end: string;
  /** What the invocation before gave; empty in the first of a window. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly shardId: string;
  /** Whether the window ends with this invocation. */
  readonly final: boolean;
  /** Whether it ends before its time. */
  readonly early: boolean;
}

/** The tumbling window of an event; `undefined` where the event source mapping has none. */
export function windowOf(event: unknown): WindowEvent | undefined {
  const window: unknown = isObject(event) ? event['window'] : undefined;
  if (!isObject(event) || !isObject(window)) return undefined;
  const { state, shardId, isFinalInvokeForWindow, isWindowTerminatedEarly } = event;
  return {
    start: String(window['start']),
    end: String(window['end']),
    state: isObject(state) ? state : {},
    shardId: String(shardId),
    final: isFinalInvokeForWindow === true,
    early: isWindowTerminatedEarly === true,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
