/**
 * A message that was published, and the forms in which subscribers get it.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import { randomBytes } from 'node:crypto';

import type { SNSEvent } from 'aws-lambda';

import type { MessageAttributes as QueueAttributes } from '../sqs/digest.ts';
import { isFifo } from './service.ts';
import type { Subscription, Topic } from './store.ts';

/** Attributes as envelopes have them; binary values are base64. */
export type MessageAttributes = Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;

export interface Message {
  readonly id: string;
  readonly topic: Topic;
  /** What subscribers of a protocol get: they may differ. */
  readonly text: (protocol: string) => string;
  readonly subject: string | undefined;
  readonly attributes: MessageAttributes;
  readonly group: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequence: string | undefined;
  /** The X-Ray header it was published with. */
  readonly trace: string | undefined;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
}

/** The JSON document that queues and HTTP endpoints get. Its signature has the form of one, and verifies nothing. */
export function envelope(message: Message, { arn, protocol }: Subscription, endpoint: string): string {
  const { id, topic, subject, attributes, sequence } = message;
  const fifo = isFifo(topic.arn);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: id,
    ...(sequence !== undefined && { SequenceNumber: sequence }),
    TopicArn: topic.arn,
    ...(subject !== undefined && { Subject: subject }),
    Message: message.text(protocol),
    Timestamp: new Date(message.publishedAt).toISOString(),
    ...(!fifo && {
      SignatureVersion: topic.attributes['SignatureVersion'] ?? '1',
      Signature: signature(),
      SigningCertURL: certificateUrl(topic),
    }),
    UnsubscribeURL: unsubscribeUrl(endpoint, arn),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  });
}

/** The event that a function gets. */
export function lambdaEvent(message: Message, { arn }: Subscription, endpoint: string): SNSEvent {
  const { id, topic, subject, attributes } = message;
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: arn,
        Sns: {
          Type: 'Notification',
          MessageId: id,
          TopicArn: topic.arn,
          Subject: (subject ?? null) as string, // null where there is none, which the type does not know
          Message: message.text('lambda'),
          Timestamp: new Date(message.publishedAt).toISOString(),
          SignatureVersion: topic.attributes['SignatureVersion'] ?? '1',
          Signature: signature(),
          SigningCertUrl: certificateUrl(topic),
          UnsubscribeUrl: unsubscribeUrl(endpoint, arn),
          MessageAttributes: { ...attributes },
        },
      },
    ],
  };
}

/** Attributes as a queue takes them, for raw delivery. */
export function queueAttributes(attributes: MessageAttributes): QueueAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => [
      name,
      { DataType: Type, [Type.startsWith('Binary') ? 'BinaryValue' : 'StringValue']: Value },
    ]),
  );
}

function signature(): string {
  return randomBytes(256).toString('base64');
}

function certificateUrl({ arn }: Topic): string {
  return `https://sns.${arn.split(':')[3]}.amazonaws.com/SimpleNotificationService-local.pem`;
}

function unsubscribeUrl(endpoint: string, arn: string): string {
  return `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
}
