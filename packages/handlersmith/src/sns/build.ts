/**
 * Options → plain async function.
 *
 * @module
 */
import type { Context, SNSEvent, SNSEventRecord } from 'aws-lambda';

import { buildTrigger } from '../handler/trigger.ts';
import { runOnce } from '../idempotency/record.ts';
import { runBatch } from '../records/batch.ts';
import { failureOf, RecordsFailed } from '../records/failed.ts';
import { Discarded, PermanentFailure } from '../records/outcome.ts';
import { recordsOf } from './event.ts';
import { Notification } from './input.ts';
import {
  DEFAULT_CONCURRENCY,
  idempotencyOf,
  type IdempotentNotification,
  type SnsOptions,
} from './options.ts';
import { readerOf } from './read.ts';

/**
 * Builds the function of a handler of messages from a topic.
 *
 * @param factory - the name users know, for messages
 * @param options - checked by the factory before
 * @param run - the team's own function
 */
export function buildSns(
  factory: string,
  options: SnsOptions,
  run: (notification: Notification) => unknown,
): (event: SNSEvent, context?: Partial<Context>) => Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY, onPermanent = 'retry' } = options;
  const read = readerOf(factory, options);
  const once = runOnce(factory, 'sns', idempotencyOf(options));

  const serve = buildTrigger(options, {
    name: 'sns',
    correlationId: (event) => {
      const records = recordsOf(event);
      return records.length === 1 ? records[0]?.Sns.MessageId : undefined;
    },
    reported: (error) => error instanceof RecordsFailed,
    serve: async (invocation) => {
      const outcomes = await runBatch(invocation, {
        records: recordsOf(invocation.event),
        order: 'free', // FIFO topics do not invoke functions
        concurrency,
        describe,
        run: async (record, view) => {
          const notification = new Notification(record, view);
          // The notification is what the input describes, read by the handler's own schemas.
          const input = notification as unknown as IdempotentNotification;
          try {
            await read(notification);
            view.signal.throwIfAborted(); // what begins now would run in a later invocation
            return await once(input, invocation, view, () => run(notification));
          } catch (error) {
            if (onPermanent === 'drop' && error instanceof PermanentFailure)
              return new Discarded(error, 'dropped');
            throw error;
          }
        },
      });
      const failure = failureOf('SNS', outcomes);
      if (failure !== undefined) throw failure;
    },
  });
  // The trigger gives what `serve` above gives.
  return (event, context = {}) => serve(event, context) as Promise<void>;
}

/** What every line of a record says of it. */
function describe({ Sns }: SNSEventRecord): Record<string, unknown> {
  return { record_id: Sns.MessageId, correlation_id: Sns.MessageId, topic_arn: Sns.TopicArn };
}
