/**
 * Options → plain async function: what all handlers of messages share.
 *
 * @module
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import type { FunctionOptions } from '../handler/environment.ts';
import type { Invocation } from '../handler/invocation.ts';
import { buildTrigger } from '../handler/trigger.ts';
import type { IdempotencyOptions } from '../idempotency/options.ts';
import { runOnce } from '../idempotency/record.ts';
import { runBatch } from '../records/batch.ts';
import type { Outcome } from '../records/outcome.ts';
import { attemptOf, groupOf, isFifo, recordsOf } from './event.ts';
import { Message } from './input.ts';
import { DEFAULT_CONCURRENCY, type ReadOptions } from './options.ts';
import { readerOf } from './read.ts';

/** What all factories for messages take. */
export interface MessageOptions extends FunctionOptions, ReadOptions {
  readonly concurrency?: number;
  readonly idempotency?: IdempotencyOptions<never>;
}

/** A plain function for Lambda. */
export type Serve = (event: SQSEvent, context?: Partial<Context>) => Promise<SQSBatchResponse>;

/** Does something with a message. */
export type RunMessage = (message: Message) => unknown;

/** What tells one factory for messages from another. */
export interface MessageWork {
  /** Milliseconds kept back before the deadline. */
  readonly reserve?: number;
  /** Begins an invocation: gives what does the work of each message; `run` reads it and calls the team's function. */
  readonly open: (invocation: Invocation) => (message: Message, run: RunMessage) => unknown;
  /** The team's own function. */
  readonly run: RunMessage;
}

/**
 * Builds the function of a handler of messages.
 *
 * @param factory - the name users know, for messages
 * @throws TypeError naming a wrong option
 */
export function buildSqs(factory: string, options: MessageOptions, work: MessageWork): Serve {
  const { concurrency = DEFAULT_CONCURRENCY, use = [] } = options;
  const read = readerOf(factory, options);
  // The key's function is typed by the options that made the message.
  const once = runOnce(factory, 'sqs', options.idempotency as IdempotencyOptions<Message> | undefined);
  const run: Work =
    options.idempotency === undefined
      ? (message) => work.run(message)
      : (message, invocation) => once(message, invocation, message, () => work.run(message));
  const serveMessage: Work = (message, invocation) => {
    const reading = read(message);
    return reading === undefined ? run(message, invocation) : afterwards(reading, run, message, invocation);
  };

  const serve = buildTrigger(options, {
    name: 'sqs',
    correlationId: (event) => {
      const records = recordsOf(event);
      return records.length === 1 ? records[0]?.messageId : undefined;
    },
    serve: async (invocation) => {
      // Looked at when the invocation was opened: only a middleware can have put in another.
      const records = use.length > 0 ? recordsOf(invocation.event) : (invocation.event as SQSEvent).Records;
      const handle = work.open(invocation);
      const serveHere: RunMessage = (message) => serveMessage(message, invocation);
      const fifo = isFifo((records[0] as Partial<SQSRecord> | undefined)?.eventSourceARN); // hand-made events lack it
      const outcomes = await runBatch(invocation, {
        records,
        order: fifo ? 'group' : 'free',
        keyOf: (record) => groupOf(record) ?? '', // a FIFO queue gives each a group: none would be one of its own
        concurrency,
        ...(work.reserve === undefined ? {} : { reserve: work.reserve }),
        describe,
        viewOf: (scope, record) => new Message(scope, record),
        run: (_record, message) => handle(message, serveHere),
      });
      return answerOf(records, outcomes);
    },
  });
  // The trigger gives what `serve` above gives.
  return (event, context = {}) => serve(event, context) as Promise<SQSBatchResponse>;
}

type Work = (message: Message, invocation: Invocation) => unknown;

/** A function of its own, so that messages that are read at once make no closure. */
async function afterwards(
  reading: Promise<void>,
  run: Work,
  message: Message,
  invocation: Invocation,
): Promise<unknown> {
  await reading;
  message.signal.throwIfAborted(); // what begins now would run in a later invocation
  return run(message, invocation);
}

/** What every line of a record says of it. */
function describe(record: SQSRecord): Record<string, unknown> {
  const group = groupOf(record);
  return {
    record_id: record.messageId,
    correlation_id: record.messageId,
    attempt: attemptOf(record),
    ...(group === undefined ? {} : { group_id: group }),
  };
}

/**
 * A fresh answer. Only what is known to need nothing more is left out of it, whatever outcomes there may be.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function answerOf(records: readonly SQSRecord[], outcomes: readonly Outcome[]): SQSBatchResponse {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (let index = 0; index < records.length; index++) {
    const status = outcomes[index]?.status;
    if (status !== 'done' && status !== 'skipped' && status !== 'discarded')
      batchItemFailures.push({ itemIdentifier: (records[index] as SQSRecord).messageId }); // an index of this very list
  }
  return { batchItemFailures };
}
