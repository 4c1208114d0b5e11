/**
 * What `run` gets: one message.
 *
 * @module
 */
import type { SNSEventRecord } from 'aws-lambda';

import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import { Provided } from '../handler/provided.ts';
import type { OutputOf } from '../handler/schema.ts';
import { type MessageAttributes, snsAttributes } from '../messages/attributes.ts';
import type { RecordView } from '../records/batch.ts';

type Validated<Options, Name extends string, Otherwise> = Options extends { readonly [Key in Name]: infer S }
  ? OutputOf<S>
  : Otherwise;

/** One message, as a handler sees it. */
export interface SnsInput<Options, Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** The validated message; without a schema parsed JSON, or text where `format` says so. */
  readonly message: Validated<
    Options,
    'message',
    Options extends { readonly format: 'text' } ? string : unknown
  >;
  /** Message attributes as values. */
  readonly attributes: Validated<Options, 'attributes', MessageAttributes>;
  /** SNS's id of the message: the same whenever it is delivered again. */
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** When it was published. */
  readonly timestamp: Date;
  /** The record as it came. */
  readonly record: Readonly<SNSEventRecord>;
}

/** One message on its way through a handler. */
export class Notification
  extends Provided
  implements Record<keyof SnsInput<object, FunctionEnvironment>, unknown>
{
  readonly record: SNSEventRecord;
  message: unknown = undefined;
  #attributes: { readonly value: unknown } | undefined;

  constructor(record: SNSEventRecord, view: RecordView) {
    super(view);
    this.record = record;
  }

  get attributes(): unknown {
    this.#attributes ??= { value: snsAttributes(this.record.Sns.MessageAttributes) };
    return this.#attributes.value;
  }

  /** Puts what a schema made of the attributes in their place. */
  set attributes(value: unknown) {
    this.#attributes = { value };
  }

  get messageId(): string {
    return this.record.Sns.MessageId;
  }

  get topicArn(): string {
    return this.record.Sns.TopicArn;
  }

  /** Where there is none it may be `null`, which the type does not know. */
  get subject(): string | undefined {
    return this.record.Sns.Subject ?? undefined;
  }

  get timestamp(): Date {
    return new Date(this.record.Sns.Timestamp);
  }
}
