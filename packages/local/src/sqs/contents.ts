/**
 * What a message may hold.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
import { md5OfAttributes, sizeOfAttributes } from './digest.ts';
import type { MessageAttribute, MessageAttributes } from './digest.ts';
import { invalid, missing, notImplemented, SqsError } from './errors.ts';
import { inputMap, text } from './input.ts';
import type { Input } from './input.ts';

const MOST_ATTRIBUTES = 10;
const LONGEST_NAME = 256;

/** What XML allows, and so SQS. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const TYPE = /^(?:String|Number|Binary)(?:\..+)?$/u;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
const NAME = /^[\w-]+(?:\.[\w-]+)*$/u;

/** @throws SqsError for no body, or characters it cannot have */
export function checkedBody(input: Input): string {
  const body = text(input, 'MessageBody') ?? '';
  if (body === '') throw missing('MessageBody');
  checkCharacters(body);
  return body;
}

/** @throws SqsError for attributes it cannot have */
export function checkedMessageAttributes(input: Input): MessageAttributes {
  const given = Object.entries(inputMap(input, 'MessageAttributes'));
  if (given.length > MOST_ATTRIBUTES) {
    throw invalid(
      `Number of message attributes [${given.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(given.map(([name, value]) => [name, checkedAttribute(name, value)]));
}

/** The one system attribute that can be sent, and its digest. */
export function checkedTrace(input: Input): { trace?: string; digest?: string } {
  const given = inputMap(input, 'MessageSystemAttributes');
  const unknown = Object.keys(given).find((name) => name !== 'AWSTraceHeader');
  if (unknown !== undefined) throw notImplemented(`the message system attribute ${unknown}`);
  if (given['AWSTraceHeader'] === undefined) return {};
  const attribute = checkedAttribute('AWSTraceHeader', given['AWSTraceHeader']);
  const digest = md5OfAttributes({ AWSTraceHeader: attribute });
  return { trace: attribute.StringValue ?? '', ...(digest !== undefined && { digest }) };
}

/** Bytes that count against the limit. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  return Buffer.byteLength(body) + sizeOfAttributes(attributes);
}

function checkedAttribute(name: string, value: Input): MessageAttribute {
  if (!NAME.test(name) || name.length > LONGEST_NAME || /^(?:aws|amazon)\./iu.test(name)) {
    throw invalid(
      `Message (user) attribute name '${name}' is invalid: letters, digits, _, - and single periods within; not AWS. or Amazon. at its start; ${LONGEST_NAME} characters at most.`,
    );
  }
  const type = text(value, 'DataType') ?? '';
  if (type === '')
    throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`);
  if (!TYPE.test(type) || type.length > LONGEST_NAME) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const [known, content] = type.startsWith('Binary')
    ? (['BinaryValue', text(value, 'BinaryValue')] as const)
    : (['StringValue', text(value, 'StringValue')] as const);
  if (content === undefined || content === '') {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty ${known} for its type '${type}'.`,
    );
  }
  if (type.startsWith('Number') && !NUMBER.test(content)) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  if (known === 'StringValue') checkCharacters(content);
  const extra = Object.keys(value).find(
    (key) => key !== 'DataType' && key !== known && value[key] !== undefined,
  );
  if (extra !== undefined) throw notImplemented(`${extra} in message attribute '${name}' of type ${type}`);
  return { DataType: type, [known]: content };
}

function checkCharacters(content: string): void {
  const found = FORBIDDEN.exec(content);
  if (found !== null) {
    throw new SqsError(
      'InvalidMessageContents',
      `Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF; found #x${(found[0].codePointAt(0) ?? 0).toString(16)}.`,
    );
  }
}
