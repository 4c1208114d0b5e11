/**
 * Options → plain async function: an event's records through the engine, their outcomes to an answer.
 *
 * @module
 */
import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';

import { once } from '../handler/resources.ts';
import { isThenable } from '../handler/thenable.ts';
import { buildTrigger } from '../handler/trigger.ts';
import type { IdempotencyKey } from '../idempotency/key.ts';
import { runOnce } from '../idempotency/record.ts';
import type { LogFields } from '../observability/logger.ts';
import { type Batch, runBatch } from '../records/batch.ts';
import { failureOf, RecordsFailed } from '../records/failed.ts';
import { type Outcome, PermanentFailure, skipped } from '../records/outcome.ts';
import { defaultClient } from './client.ts';
import { type AnyS3Event, type Delivery, deliveryOf, type Found, unfold, unfoldText } from './event.ts';
import { filterOf } from './filter.ts';
import { reasonToSkip } from './gone.ts';
import { ObjectWork } from './input.ts';
import { ReadableObject, type S3Object } from './object.ts';
import { DEFAULT_CONCURRENCY, type S3Options } from './options.ts';
import { orderGuard } from './order.ts';

/** A plain function for Lambda. */
export type Serve = (event: AnyS3Event, context?: Partial<Context>) => Promise<SQSBatchResponse | undefined>;

/** One record, and the message it came in where there is one. */
interface Item {
  readonly found: Found;
  readonly message: SQSRecord | undefined;
}

/**
 * Builds the function of a handler of S3 events.
 *
 * @param factory - the name users know, for messages
 * @param run - the team's own function
 * @throws TypeError naming a wrong option
 */
export function buildS3(factory: string, options: S3Options, run: (work: ObjectWork) => unknown): Serve {
  const { concurrency = DEFAULT_CONCURRENCY, maxBytes = Infinity, idempotency } = options;
  const client = options.client === undefined ? defaultClient : once(options.client);
  const filter = filterOf(options);
  const runIdempotent = runOnce<S3Object>(
    factory,
    's3',
    idempotency === undefined ? undefined : { ...idempotency, key: idempotency.key ?? defaultKey },
  );

  const guard = orderGuard(factory, options.ordered);

  const serve = buildTrigger(options, {
    name: 's3',
    correlationId: (event) => correlationOf(deliveryOf(event)),
    reported: (error) => error instanceof RecordsFailed,
    serve: async (invocation) => {
      const delivery = deliveryOf(invocation.event);
      const items = itemsOf(delivery);
      const inOrder = guard(invocation);
      // S3's test event is no work, and worth no line.
      const outcomes =
        items.length === 0
          ? []
          : await runBatch(invocation, {
              records: items,
              ...orderOf(delivery),
              concurrency,
              describe,
              run: ({ found }, view) => {
                if (found instanceof PermanentFailure) throw found;
                const { notification, record } = found;
                const reason = filter(notification);
                if (reason !== undefined) return skipped(reason);
                const object = new ReadableObject(notification, { client, maxBytes, signal: view.signal });
                const work = new ObjectWork(object, record, view);
                // Outside the order: what is done is skipped for good only when its place in the order is noted.
                return runIdempotent(object, invocation, view, () =>
                  inOrder(object, view, () => unlessGone(() => run(work))),
                );
              },
            });
      if (delivery.carrier === 'queue') return answerOf(delivery.messages, items, outcomes);
      const failure = failureOf('S3', outcomes);
      if (failure !== undefined) throw failure;
      return undefined;
    },
  });
  // The trigger gives what `serve` above gives.
  return (event, context = {}) => serve(event, context) as Promise<SQSBatchResponse | undefined>;
}

function correlationOf(delivery: Delivery): string | undefined {
  if (delivery.carrier === 'direct') return delivery.id;
  return delivery.messages.length === 1 ? delivery.messages[0]?.messageId : undefined;
}

function itemsOf(delivery: Delivery): readonly Item[] {
  if (delivery.carrier === 'direct')
    return unfold(delivery.event).map((found) => ({ found, message: undefined }));
  return delivery.messages.flatMap((message) =>
    unfoldText(message.body).map((found) => ({ found, message })),
  );
}

/** S3 gives no order to keep; a FIFO queue behind EventBridge does. */
function orderOf(delivery: Delivery): Pick<Batch<Item>, 'order' | 'keyOf'> {
  if (delivery.carrier === 'direct') return { order: 'free' };
  const [first]: readonly Partial<SQSRecord>[] = delivery.messages; // hand-made events lack fields
  if (first?.eventSourceARN?.endsWith('.fifo') !== true) return { order: 'free' };
  return {
    order: 'group',
    keyOf: ({ message }) => (message as Partial<SQSRecord> | undefined)?.attributes?.MessageGroupId ?? '',
  };
}

/** What every line of a record says of it. */
function describe({ found, message }: Item): LogFields {
  const carried = message === undefined ? {} : { message_id: message.messageId };
  if (found instanceof PermanentFailure) return { ...carried, record_id: message?.messageId };
  const { bucket, key, versionId, eventName } = found.notification;
  const correlation = found.requestId ?? message?.messageId;
  return {
    record_id: `${bucket}/${key}`,
    ...(correlation === undefined ? {} : { correlation_id: correlation }),
    event_name: eventName,
    ...(versionId === undefined ? {} : { version_id: versionId }),
    ...carried,
  };
}

/** Runs, and makes of an object that is gone or too large a record that is skipped. */
function unlessGone(run: () => unknown): unknown {
  try {
    const returned = run();
    return isThenable(returned) ? Promise.resolve(returned).catch(skippedOrThrown) : returned;
  } catch (error) {
    return skippedOrThrown(error);
  }
}

function skippedOrThrown(error: unknown): unknown {
  const reason = reasonToSkip(error);
  if (reason === undefined) throw error;
  return skipped(reason);
}

/**
 * One event of one object. What is neither created nor removed has no sequencer, and a version may be tagged many
 * times: there the time tells. The version `null` is no name: each new object takes it over. A delete marker has one
 * version when it is put and when it is taken away: there the event's name tells.
 */
function defaultKey({
  bucket,
  key,
  kind,
  versionId,
  sequencer,
  eventName,
  eventTime,
}: S3Object): IdempotencyKey {
  const version = versionId === 'null' ? undefined : versionId;
  if (kind === 'other') return [bucket, key, eventName, version ?? '-', eventTime.getTime()];
  return [bucket, key, kind === 'removed' ? eventName : kind, version ?? sequencer];
}

/**
 * A fresh answer: a message is done when all of its records are.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function answerOf(
  messages: readonly SQSRecord[],
  items: readonly Item[],
  outcomes: readonly Outcome[],
): SQSBatchResponse {
  const failed = new Set<SQSRecord | undefined>();
  for (const [index, { message }] of items.entries()) {
    const status = outcomes[index]?.status;
    if (status !== 'done' && status !== 'skipped' && status !== 'discarded') failed.add(message);
  }
  return {
    batchItemFailures: messages
      .filter((message) => failed.has(message))
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}
