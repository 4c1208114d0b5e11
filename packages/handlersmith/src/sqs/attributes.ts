/**
 * Message attributes as values, in the shape of SQS.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
import { isBinary, type MessageAttributes, valueOf, valuesOf } from '../messages/attributes.ts';

export { type AttributeValue, type MessageAttributes, snsAttributes } from '../messages/attributes.ts';

/** An attribute as SQS sends it. */
interface SqsAttribute {
  readonly dataType?: unknown;
  readonly stringValue?: unknown;
  readonly binaryValue?: unknown;
}

/** Attributes of an SQS record, as values. One that has no value of its type is left out. */
export function sqsAttributes(attributes: unknown): MessageAttributes {
  return valuesOf(attributes, ({ dataType, stringValue, binaryValue }: SqsAttribute) =>
    valueOf(dataType, isBinary(dataType) ? binaryValue : stringValue),
  );
}
