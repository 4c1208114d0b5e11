/**
 * The body of a message that came through SNS.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
import type { SqsAttributeValue } from './attributes.ts';
import { wireAttributes } from './attributes.ts';

/** What was published. */
export interface SnsPublication {
  /** A string as it is; anything else becomes JSON. `{}` if not given. */
  readonly message?: unknown;
  readonly subject?: string;
  /** `arn:aws:sns:eu-west-1:123456789012:test-topic` if not given. */
  readonly topicArn?: string;
  /** SNS's own id of it. A new UUID if not given. */
  readonly messageId?: string;
  /** Now if not given. */
  readonly timestamp?: Date;
  /** Their types follow from the values; a list is a `String.Array`. */
  readonly attributes?: Readonly<
    Record<string, SqsAttributeValue | readonly (string | number | boolean | null)[]>
  >;
}

/**
 * Builds the envelope that SNS puts round a message on its way into a queue without raw message delivery.
 *
 * @param publication - what was published
 * @returns the body of the SQS message
 * @example
 * const event = sqsEvent([snsEnvelope({ message: { id: 'o1' }, attributes: { tenant: 'a' } })]);
 */
export function snsEnvelope(publication: SnsPublication = {}): string {
  const {
    message = {},
    subject,
    topicArn = 'arn:aws:sns:eu-west-1:123456789012:test-topic',
    messageId = crypto.randomUUID(),
    timestamp = new Date(),
    attributes,
  } = publication;
  const subscription = `${topicArn}:${crypto.randomUUID()}`;
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: timestamp.toISOString(),
    SignatureVersion: '1',
    Signature: 'bm90IGEgc2lnbmF0dXJl',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    UnsubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
    ...(attributes === undefined ? {} : { MessageAttributes: snsAttributes(attributes) }),
  });
}

/** Beside `Type` and `Value`, where SQS says `dataType` and `stringValue`; bytes are base64 in both. */
export function snsAttributes(
  attributes: NonNullable<SnsPublication['attributes']>,
): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const plain = isList(value) ? { type: 'String.Array', value: JSON.stringify(value) } : value;
      const { dataType, stringValue, binaryValue } = wireAttributes({ [name]: plain })[name] ?? {
        dataType: 'String',
      };
      return [name, { Type: dataType, Value: stringValue ?? binaryValue ?? '' }];
    }),
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
