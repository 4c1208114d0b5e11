/**
 * The event that Lambda gets of a topic it is subscribed to.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
import { randomBytes } from 'node:crypto';

import type { SNSEvent, SNSEventRecord } from 'aws-lambda';

import { snsAttributes, type SnsPublication } from '../sqs/envelope.ts';

/** A message with more than its content. Make it with {@link publication}. */
export class Publication {
  readonly stated: SnsPublication;

  constructor(stated: SnsPublication) {
    this.stated = stated;
  }
}

/**
 * States more of a message than its content: attributes, a subject, an id, a time.
 *
 * @example
 * const event = snsEvent([publication({ message: { id: 'o1' }, attributes: { tenant: 'a' }, subject: 'new' })]);
 */
export function publication(stated: SnsPublication): Publication {
  return new Publication(stated);
}

/**
 * Builds the event of messages published to a topic. Ids, times and ARNs are computed. SNS sends one message an event.
 *
 * @param messages - a string as it is; a {@link publication} as it states; anything else becomes JSON
 * @param topic - name of the topic
 * @example
 * const event = snsEvent([s3Event(['in/a.jpg'])]);
 */
export function snsEvent(messages: readonly unknown[], topic = 'test-topic'): SNSEvent {
  return {
    Records: messages.map((message) =>
      recordOf(message instanceof Publication ? message.stated : { message }, topic),
    ),
  };
}

function recordOf(stated: SnsPublication, topic: string): SNSEventRecord {
  const {
    message = {},
    subject,
    topicArn = `arn:aws:sns:eu-west-1:123456789012:${topic}`,
    messageId = crypto.randomUUID(),
    timestamp = new Date(),
    attributes = {},
  } = stated;
  const subscription = `${topicArn}:${crypto.randomUUID()}`;
  return {
    EventVersion: '1.0',
    EventSubscriptionArn: subscription,
    EventSource: 'aws:sns',
    Sns: {
      SignatureVersion: '1',
      Timestamp: timestamp.toISOString(),
      Signature: randomBytes(256).toString('base64'),
      SigningCertUrl: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-test.pem',
      MessageId: messageId,
      Message: typeof message === 'string' ? message : JSON.stringify(message),
      MessageAttributes: snsAttributes(attributes),
      Type: 'Notification',
      UnsubscribeUrl: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
      TopicArn: topicArn,
      Subject: (subject ?? null) as string, // null where there is none, which the type does not know
    },
  };
}
