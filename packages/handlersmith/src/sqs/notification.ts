/**
 * The envelope that SNS puts round a message on its way into a queue.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
import { type MessageAttributes, snsAttributes } from './attributes.ts';

/** What SNS says of a message. */
export interface SnsNotification {
  readonly topicArn: string;
  /** SNS's own id of the message; it is the same in every queue the topic feeds. */
  readonly messageId: string;
  readonly subject: string | undefined;
  /** When it was published. */
  readonly timestamp: Date;
}

/** An envelope taken apart. */
export interface Unwrapped {
  readonly notification: SnsNotification;
  /** What was published. */
  readonly text: string;
  readonly attributes: () => MessageAttributes;
}

/** An envelope as JSON says it. */
interface Envelope {
  readonly Type: 'Notification';
  readonly TopicArn: string;
  readonly Message: string;
  readonly MessageId?: unknown;
  readonly Subject?: unknown;
  readonly Timestamp?: unknown;
  readonly MessageAttributes?: unknown;
}

/**
 * Takes the envelope off a body.
 *
 * @returns `undefined` where there is none: the subscription delivers raw messages
 */
export function unwrapped(body: string): Unwrapped | undefined {
  const envelope = envelopeOf(body);
  if (envelope === undefined) return undefined;
  const { TopicArn, Message, MessageId, Subject, Timestamp, MessageAttributes } = envelope;
  return {
    notification: {
      topicArn: TopicArn,
      messageId: typeof MessageId === 'string' ? MessageId : '',
      subject: typeof Subject === 'string' ? Subject : undefined,
      timestamp: new Date(typeof Timestamp === 'string' ? Timestamp : Number.NaN),
    },
    text: Message,
    attributes: () => snsAttributes(MessageAttributes),
  };
}

function envelopeOf(body: string): Envelope | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined; // raw text
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { Type, TopicArn, Message } = value as Partial<Record<keyof Envelope, unknown>>; // looked at here
  return Type === 'Notification' && typeof TopicArn === 'string' && typeof Message === 'string'
    ? (value as Envelope) // just looked at
    : undefined;
}
