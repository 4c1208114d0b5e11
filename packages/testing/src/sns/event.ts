/**
 * The event that Lambda gets of a topic it is subscribed to.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
import { randomBytes } from 'node:crypto';

import type { SNSEvent } from 'aws-lambda';

/**
 * Builds the event of messages published to a topic. Ids, times and ARNs are computed. SNS sends one message an event.
 *
 * @param messages - a string as it is; anything else becomes JSON
 * @param topic - name of the topic
 * @example
 * const event = snsEvent([s3Event(['in/a.jpg'])]);
 */
export function snsEvent(messages: readonly unknown[], topic = 'test-topic'): SNSEvent {
  const arn = `arn:aws:sns:eu-west-1:123456789012:${topic}`;
  return {
    Records: messages.map((message) => {
      const subscription = `${arn}:${crypto.randomUUID()}`;
      return {
        EventVersion: '1.0',
        EventSubscriptionArn: subscription,
        EventSource: 'aws:sns',
        Sns: {
          SignatureVersion: '1',
          Timestamp: new Date().toISOString(),
          Signature: randomBytes(256).toString('base64'),
          SigningCertUrl: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-test.pem',
          MessageId: crypto.randomUUID(),
          Message: typeof message === 'string' ? message : JSON.stringify(message),
          MessageAttributes: {},
          Type: 'Notification',
          UnsubscribeUrl: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
          TopicArn: arn,
          Subject: 'Amazon S3 Notification',
        },
      };
    }),
  };
}
