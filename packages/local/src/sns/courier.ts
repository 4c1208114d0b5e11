/**
 * Brings messages to subscribers: queues and functions in this process, HTTP endpoints on this machine.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
import type { SNSEvent } from 'aws-lambda';

import { SqsError } from '../sqs/errors.ts';
import type { LocalSqs } from '../sqs/start.ts';
import { filterable, filterPolicy, matchesBody } from './filter.ts';
import { post, Undeliverable } from './http.ts';
import { envelope, lambdaEvent, queueAttributes } from './message.ts';
import type { Message } from './message.ts';
import type { Store, Subscription } from './store.ts';

/** Tries after the first at an endpoint that does not answer, and milliseconds between them. */
const RETRIES = 3;
const RETRY_MS = 20_000;

export interface CourierOptions {
  readonly store: Store;
  /** Where the SNS API listens, for links in envelopes. */
  readonly endpoint: () => string;
  readonly sqs: LocalSqs | undefined;
  readonly onLambda: OnLambda | undefined;
  readonly onProblem: (problem: string) => void;
}

/**
 * Invokes a function with the event of a message.
 *
 * @param functionArn - the subscription's endpoint
 * @param trace - the X-Ray header the message was published with
 */
export type OnLambda = (
  functionArn: string,
  event: SNSEvent,
  trace: string | undefined,
) => void | Promise<void>;

export interface Courier {
  /** Sends a message to all who want it. Resolves once queues have it; functions and endpoints may still be at it. */
  publish(message: Message): void;
  /** Asks an HTTP endpoint to confirm its subscription. */
  askToConfirm(subscription: Subscription): void;
  /** Waits for what is under way; ends what waits for another try. */
  close(): Promise<void>;
}

export function courier({ store, endpoint, sqs, onLambda, onProblem }: CourierOptions): Courier {
  const underWay = new Set<Promise<void>>();
  const sleeping = new Set<() => void>();
  let closed = false;

  const background = (work: Promise<void>): void => {
    const settled = work.finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
  const toQueue = (arn: string, message: Message, body: string, raw: boolean): void => {
    const name = arn.split(':').at(-1) ?? '';
    const queue = sqs?.queue(name);
    if (queue === undefined || queue.arn !== arn) throw new Undeliverable(`there is no queue ${arn}`);
    const fifo = name.endsWith('.fifo');
    queue.send({
      MessageBody: body,
      ...(raw && { MessageAttributes: queueAttributes(message.attributes) }),
      ...(message.trace !== undefined && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: message.trace } },
      }),
      ...(message.group !== undefined && { MessageGroupId: message.group }),
      ...(fifo &&
        message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
    });
  };
  const toFunction = async (message: Message, subscription: Subscription): Promise<void> => {
    if (onLambda === undefined) throw new Undeliverable('no function can be invoked here');
    await onLambda(subscription.endpoint, lambdaEvent(message, subscription, endpoint()), message.trace);
  };
  const toEndpoint = async (message: Message, subscription: Subscription, tries = RETRIES): Promise<void> => {
    try {
      await post(subscription, 'Notification', message.id, bodyOf(message, subscription, endpoint()));
    } catch (error) {
      if (error instanceof Undeliverable || tries === 0 || closed) throw error;
      await sleep(RETRY_MS);
      await toEndpoint(message, subscription, tries - 1);
    }
  };
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((done) => {
      const wake = (): void => {
        cancel();
        sleeping.delete(wake);
        done();
      };
      const cancel = store.clock.after(milliseconds, wake);
      sleeping.add(wake);
    });
  const lost = (message: Message, subscription: Subscription, error: unknown): void => {
    const why = `message ${message.id} did not reach ${subscription.endpoint}: ${error instanceof Error ? error.message : String(error)}`;
    const deadLetter = deadLetterOf(subscription);
    if (deadLetter === undefined) return onProblem(why);
    try {
      return toQueue(deadLetter, message, bodyOf(message, subscription, endpoint()), isRaw(subscription));
    } catch (cause) {
      return onProblem(
        `${why}; nor the dead-letter queue: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  };
  const deliver = (message: Message, subscription: Subscription): void => {
    const failed = (error: unknown): void => lost(message, subscription, error);
    if (subscription.protocol === 'lambda')
      return background(toFunction(message, subscription).catch(failed));
    if (subscription.protocol !== 'sqs') return background(toEndpoint(message, subscription).catch(failed));
    try {
      return toQueue(
        subscription.endpoint,
        message,
        bodyOf(message, subscription, endpoint()),
        isRaw(subscription),
      );
    } catch (error) {
      // A full disk is no reason to give up on a message: the publisher is told, and tries again.
      if (!(error instanceof Undeliverable || error instanceof SqsError)) throw error;
      return failed(error);
    }
  };
  return {
    publish(message) {
      for (const subscription of store.of(message.topic.arn)) {
        if (subscription.token === undefined && wants(subscription, message)) deliver(message, subscription);
      }
    },
    askToConfirm(subscription) {
      const { topicArn, token = '' } = subscription;
      const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: token });
      const id = crypto.randomUUID();
      const body = JSON.stringify({
        Type: 'SubscriptionConfirmation',
        MessageId: id,
        Token: token,
        TopicArn: topicArn,
        Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
        SubscribeURL: `${endpoint()}/?${query.toString()}`,
        Timestamp: new Date(store.clock.now()).toISOString(),
      });
      background(
        post(subscription, 'SubscriptionConfirmation', id, body).catch((error: unknown) =>
          onProblem(
            `${subscription.endpoint} was not reached to confirm: ${error instanceof Error ? error.message : String(error)}`,
          ),
        ),
      );
    },
    async close() {
      closed = true;
      for (const wake of sleeping) wake();
      await Promise.all(underWay);
    },
  };
}

/** Whether a subscriber gets the message alone, without the envelope. */
function isRaw({ attributes }: Subscription): boolean {
  return attributes['RawMessageDelivery'] === 'true';
}

function bodyOf(message: Message, subscription: Subscription, endpoint: string): string {
  return isRaw(subscription)
    ? message.text(subscription.protocol)
    : envelope(message, subscription, endpoint);
}

function wants({ attributes }: Subscription, message: Message): boolean {
  const policy = attributes['FilterPolicy'];
  if (policy === undefined) return true;
  return attributes['FilterPolicyScope'] === 'MessageBody'
    ? matchesBody(filterPolicy(policy, 'MessageBody'), message.text('default'))
    : filterPolicy(policy, 'MessageAttributes')(filterable(message.attributes));
}

function deadLetterOf({ attributes }: Subscription): string | undefined {
  const policy = attributes['RedrivePolicy'];
  // It was checked when it was set.
  return policy === undefined
    ? undefined
    : (JSON.parse(policy) as { deadLetterTargetArn: string }).deadLetterTargetArn;
}
