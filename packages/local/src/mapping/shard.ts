/**
 * One shard of a stream as the source of a function's events: in order, again and again until it is done, or given up
 * by the mapping's rules.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
import type { Clock } from '../clock/clock.ts';
import type { StreamTrigger, TableTrigger } from '../template/app.ts';
import { batchFailures } from './answer.ts';
import type { Deliver, Invoke, Invoked, Tell } from './invoke.ts';
import { pause } from './pause.ts';

export interface ShardRecord {
  readonly sequenceNumber: string;
  /** What keeps its order where a shard is read side by side: partition key or item key. */
  readonly key: string;
  /** As the event has it. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  readonly trace: string | undefined;
}

export interface ShardOptions {
  readonly trigger: TableTrigger | StreamTrigger;
  readonly shardId: string;
  /** Of the function. */
  readonly functionArn: string;
  readonly invoke: Invoke;
  readonly deliver: Deliver;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** Milliseconds before the first retry of a batch, and at most: whoever has mended the source waits no longer. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** What a tumbling window adds to an event. */
export type EventOf = (records: readonly ShardRecord[]) => object;

/**
 * Has a batch processed: resolves when all of it is done or given up, or the signal aborts.
 *
 * @param eventOf - the event for records, `{ Records }` and whatever a window adds
 * @param done - told of each answer that took the batch on
 * @returns whether the batch is behind us; false where the signal aborted first
 */
export async function processBatch(
  options: ShardOptions,
  records: readonly ShardRecord[],
  eventOf: EventOf = plainEvent,
  done: (result: Invoked) => void = () => {},
): Promise<boolean> {
  const { trigger, signal, clock } = options;
  let pending = records;
  let retries = 0;
  while (pending.length > 0) {
    if (signal.aborted) return false;
    // Each try depends on what became of the one before.
    // oxlint-disable no-await-in-loop
    const young = pending.filter((record) => !isTooOld(trigger, record, clock));
    if (young.length < pending.length)
      await giveUp(options, pending.slice(0, pending.length - young.length), 'RecordAgeExceeded', retries);
    pending = young;
    if (pending.length === 0) return true;

    const result = await options.invoke(invocationOf(options, pending, eventOf, retries + 1));
    const ids = new Set(pending.map(({ sequenceNumber }) => sequenceNumber));
    const failures = batchFailures(result, ids, trigger.reportFailures);
    if (failures !== 'all' && failures.size === 0) {
      done(result);
      return true;
    }
    const first =
      failures === 'all' ? 0 : pending.findIndex(({ sequenceNumber }) => failures.has(sequenceNumber));
    if (first > 0) {
      // The checkpoint moved: what is left is a batch of its own.
      done(result);
      pending = pending.slice(first);
      retries = 0;
      continue;
    }
    // Splitting a batch does not count as a retry.
    if (trigger.bisect && pending.length > 1) {
      const middle = Math.ceil(pending.length / 2);
      const before = await processBatch(options, pending.slice(0, middle), eventOf, done);
      return before && (await processBatch(options, pending.slice(middle), eventOf, done));
    }
    if (trigger.maximumRetries >= 0 && retries >= trigger.maximumRetries) {
      await giveUp(options, pending, 'RetryAttemptsExhausted', retries + 1, result);
      return true;
    }
    await pause(clock, pauseAfter(retries), signal);
    retries += 1;
    // oxlint-enable no-await-in-loop
  }
  return true;
}

/** Milliseconds until the next try, longer after each retry. */
export function pauseAfter(retries: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
}

/** Splits a batch by key, so that what shares a key stays in order and lanes run side by side. */
export function lanes(records: readonly ShardRecord[], count: number): ShardRecord[][] {
  const split = Array.from({ length: count }, (): ShardRecord[] => []);
  for (const record of records) split[hash(record.key) % count]?.push(record);
  return split.filter((lane) => lane.length > 0);
}

function plainEvent(records: readonly ShardRecord[]): object {
  return { Records: records.map(({ record }) => record) };
}

function invocationOf(
  { trigger, shardId }: ShardOptions,
  records: readonly ShardRecord[],
  eventOf: EventOf,
  attempt: number,
): Parameters<Invoke>[0] {
  const what = records.length === 1 ? 'record' : 'records';
  return {
    function: trigger.function,
    trigger: { type: trigger.type, id: trigger.id, summary: `${records.length} ${what} of ${shardId}` },
    event: eventOf(records),
    traces: records.flatMap(({ trace }) => (trace === undefined ? [] : [trace])),
    attempt,
  };
}

function isTooOld(trigger: TableTrigger | StreamTrigger, record: ShardRecord, clock: Clock): boolean {
  return trigger.maximumAge >= 0 && clock.now() - record.arrivedAt > trigger.maximumAge * 1000;
}

/** Sends where the records were to the on-failure destination. The records themselves stay in the stream. */
async function giveUp(
  { trigger, shardId, functionArn, clock, deliver, tell }: ShardOptions,
  records: readonly ShardRecord[],
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
  tries: number,
  result?: Invoked,
): Promise<void> {
  const [first, last] = [records[0], records.at(-1)];
  if (first === undefined || last === undefined) return;
  const traces = records.flatMap(({ trace }) => (trace === undefined ? [] : [trace]));
  const span = `${first.sequenceNumber} to ${last.sequenceNumber}`;
  if (trigger.onFailure === undefined) {
    tell({
      kind: 'dropped',
      text: `${trigger.id}: ${records.length} records lost (${condition}): ${span}`,
      traces,
    });
    return;
  }
  const info = {
    shardId,
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
    approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
    batchSize: records.length,
    streamArn: trigger.source,
  };
  await deliver(
    trigger.onFailure,
    {
      requestContext: {
        requestId: result?.requestId ?? '',
        functionArn,
        condition,
        approximateInvokeCount: tries,
      },
      ...(result !== undefined && {
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          ...(!result.ok && { functionError: 'Unhandled' }),
        },
      }),
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      [trigger.type === 'dynamodb' ? 'DDBStreamBatchInfo' : 'KinesisBatchInfo']: info,
    },
    traces,
  );
  tell({
    kind: 'dead-letter',
    text: `${trigger.id}: ${records.length} records given up (${condition}): ${span}`,
    traces,
  });
}

/** FNV-1a: any even spread will do. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
