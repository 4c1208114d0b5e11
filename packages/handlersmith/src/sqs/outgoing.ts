/**
 * Messages on their way into a queue.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
import type { SQSMessageAttributes } from 'aws-lambda';

import type { AttributeValue } from './attributes.ts';

/** Attributes a message may have. */
export const MOST_ATTRIBUTES = 10;

/** Bytes that a message may have, and all messages of one request together. */
export const MOST_BYTES: number = 1024 * 1024;

/** An attribute as SQS takes it. */
export interface OutgoingAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** One message to be sent. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, OutgoingAttribute>>;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  /** The X-Ray trace the message belongs to; it does not count as one of the attributes. */
  readonly traceHeader?: string | undefined;
}

/** Bytes of a message as SQS counts them: the body, and name, type and value of each attribute. */
export function bytesOf(message: OutgoingMessage): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(message.attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue?.byteLength ?? Buffer.byteLength(StringValue);
  }
  return bytes;
}

/** What SQS does not take anywhere in a message: most control characters, halves of characters, U+FFFE and U+FFFF. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/**
 * A text that SQS takes as an attribute's value: what it refuses is replaced, an empty text is not empty any more.
 *
 * @param most - characters; what is longer is cut
 */
export function safeText(text: string, most: number): string {
  const safe = text.slice(0, most).replaceAll(forbidden, '\u{fffd}');
  return safe === '' ? '-' : safe;
}

/** JSON that SQS takes: the two characters it refuses that JSON leaves as they are, escaped. */
export function safeJson(value: unknown): string | undefined {
  // Its types leave out that some values have no JSON.
  const json = JSON.stringify(value) as string | undefined;
  return json?.replaceAll(
    /[\u{fffe}\u{ffff}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

/** An attribute of a producer, as SQS takes it. */
export function outgoingAttribute(value: Exclude<AttributeValue, readonly unknown[]>): OutgoingAttribute {
  if (typeof value === 'number') return { DataType: 'Number', StringValue: String(value) };
  return typeof value === 'string'
    ? { DataType: 'String', StringValue: value }
    : { DataType: 'Binary', BinaryValue: value };
}

/** The attributes of a record that came, to be sent on as they are. */
export function attributesOf(
  attributes: SQSMessageAttributes | undefined,
): Record<string, OutgoingAttribute> {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      dataType.startsWith('Binary')
        ? { DataType: dataType, BinaryValue: Buffer.from(binaryValue ?? '', 'base64') }
        : { DataType: dataType, StringValue: stringValue ?? '' },
    ]),
  );
}
