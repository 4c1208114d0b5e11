/**
 * What `run` gets: one message.
 *
 * @module
 */
import type { SQSRecord } from 'aws-lambda';

import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import type { OutputOf } from '../handler/schema.ts';
import { RecordView } from '../records/batch.ts';
import { type MessageAttributes, sqsAttributes } from './attributes.ts';
import { attemptOf, groupOf } from './event.ts';
import type { SnsNotification, Unwrapped } from './notification.ts';

type Validated<Options, Name extends string, Otherwise> = Options extends { readonly [Key in Name]: infer S }
  ? OutputOf<S>
  : Otherwise;

/** One message, as a handler sees it. */
export interface SqsInput<Options, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** The validated message; without a schema parsed JSON, or text where `format` says so. */
  readonly message: Validated<
    Options,
    'message',
    Options extends { readonly format: 'text' } ? string : unknown
  >;
  /** Message attributes as values, of SQS or of the SNS envelope. */
  readonly attributes: Validated<Options, 'attributes', MessageAttributes>;
  /** How often the message has been received, this time included. */
  readonly attempt: number;
  readonly messageId: string;
  /** The message group; `undefined` where the queue has none. */
  readonly groupId: string | undefined;
  /** What SNS says of the message, where an envelope was taken off. */
  readonly notification: SnsNotification | undefined;
  /** The record as it came. */
  readonly record: Readonly<SQSRecord>;
}

/** One message on its way through a handler. */
export class Message
  extends RecordView<SQSRecord>
  implements Record<keyof SqsInput<object, FunctionEnvironment>, unknown>
{
  message: unknown = undefined;
  /** Where an envelope was taken off. */
  inner: Unwrapped | undefined = undefined;
  #attributes: { readonly value: unknown } | undefined;

  get attributes(): unknown {
    this.#attributes ??= {
      value:
        this.inner === undefined ? sqsAttributes(this.record.messageAttributes) : this.inner.attributes(),
    };
    return this.#attributes.value;
  }

  /** Puts what a schema made of the attributes in their place. */
  set attributes(value: unknown) {
    this.#attributes = { value };
  }

  get notification(): SnsNotification | undefined {
    return this.inner?.notification;
  }

  get attempt(): number {
    return attemptOf(this.record);
  }

  get messageId(): string {
    return this.record.messageId;
  }

  get groupId(): string | undefined {
    return groupOf(this.record);
  }
}
