/**
 * Message attributes as SQS sends and sums them.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { SQSMessageAttribute, SQSMessageAttributes } from 'aws-lambda';

/** A value to be sent as an attribute: its type follows, unless it is stated. */
export type SqsAttributeValue =
  | string
  | number
  | Uint8Array
  | { readonly type: string; readonly value: string | Uint8Array };

/** The attributes as a record has them. */
export function wireAttributes(
  attributes: Readonly<Record<string, SqsAttributeValue>>,
): SQSMessageAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, wireAttribute(value)]));
}

function wireAttribute(value: SqsAttributeValue): SQSMessageAttribute {
  if (typeof value === 'number') return textual('Number', String(value));
  if (typeof value === 'string') return textual('String', value);
  if (value instanceof Uint8Array) return binary('Binary', value);
  return typeof value.value === 'string' ? textual(value.type, value.value) : binary(value.type, value.value);
}

/** Lambda sends both lists, always empty: SQS never put them to use. */
function textual(dataType: string, stringValue: string): SQSMessageAttribute {
  return { stringValue, stringListValues: [], binaryListValues: [], dataType };
}

function binary(dataType: string, bytes: Uint8Array): SQSMessageAttribute {
  const binaryValue = Buffer.from(bytes).toString('base64');
  return { binaryValue, stringListValues: [], binaryListValues: [], dataType };
}

const STRING_TRANSPORT = 1;
const BINARY_TRANSPORT = 2;

/**
 * The sum SQS forms over attributes: of each, by name, its name, type, kind of transport and value, with their
 * lengths.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: SQSMessageAttributes): string {
  const sum = createHash('md5');
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    sum.update(length).update(bytes);
  };
  const byName = Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [name, { dataType, stringValue, binaryValue }] of byName) {
    add(Buffer.from(name));
    add(Buffer.from(dataType));
    sum.update(Buffer.of(binaryValue === undefined ? STRING_TRANSPORT : BINARY_TRANSPORT));
    add(binaryValue === undefined ? Buffer.from(stringValue ?? '') : Buffer.from(binaryValue, 'base64'));
  }
  return sum.digest('hex');
}
