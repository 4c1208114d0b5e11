/**
 * Attributes of a queue: what may be set, and what holds where nothing was.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
import { SqsError } from './errors.ts';
import type { QueueRecord } from './queue.ts';

/** Bytes of the largest message, and of all messages of a batch together. */
export const LARGEST_MESSAGE = 1_048_576;

export type NumberAttribute =
  | 'DelaySeconds'
  | 'MaximumMessageSize'
  | 'MessageRetentionPeriod'
  | 'ReceiveMessageWaitTimeSeconds'
  | 'VisibilityTimeout';

/** Attributes that are whole numbers: default, least, most. */
const NUMBERS: Readonly<Record<NumberAttribute, readonly [number, number, number]>> = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [LARGEST_MESSAGE, 1_024, LARGEST_MESSAGE],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
};

/** Attributes that are one of some words; the first is the default. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  SqsManagedSseEnabled: ['true', 'false'],
};
const FIFO_WORDS: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

/** Attributes that are taken as they are; the empty string unsets them. */
const TEXTS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'];
const KEY_REUSE = 'KmsDataKeyReusePeriodSeconds';

/** Attributes that can be asked for but not set. */
const READ_ONLY = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

/** All names there are, for those who ask by name. */
export const ATTRIBUTE_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBERS),
  ...Object.keys(WORDS),
  ...Object.keys(FIFO_WORDS),
  ...TEXTS,
  KEY_REUSE,
  ...READ_ONLY,
]);

/** The number that holds for a queue, set or not. */
export function setting(queue: QueueRecord, name: NumberAttribute): number {
  return Number(queue.attributes[name] ?? NUMBERS[name][0]);
}

/** All attributes of a queue that can be set, with their defaults. */
export function effective(queue: Pick<QueueRecord, 'name' | 'attributes'>): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(NUMBERS).map(([name, [value]]) => [name, String(value)])),
    ...firstWords(WORDS),
    ...(queue.name.endsWith('.fifo') && firstWords(FIFO_WORDS)),
    ...(queue.attributes['KmsMasterKeyId'] !== undefined && { [KEY_REUSE]: '300' }),
    ...queue.attributes,
  };
}

/**
 * Checks attributes of a request and gives them as they are kept: numbers in one form, the unset as the empty string.
 *
 * @throws SqsError for a name there is not, or a value it cannot have
 */
export function checkedAttributes(
  fifo: boolean,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) checked[name] = checkedValue(fifo, name, value);
  return checked;
}

/** @throws SqsError for attributes that contradict each other */
export function checkTogether(attributes: Readonly<Record<string, string>>): void {
  if (
    attributes['FifoThroughputLimit'] === 'perMessageGroupId' &&
    attributes['DeduplicationScope'] !== 'messageGroup'
  ) {
    throw new SqsError(
      'InvalidAttributeValue',
      'The perMessageGroupId value is allowed for FifoThroughputLimit only when the value for DeduplicationScope is messageGroup.',
    );
  }
}

function checkedValue(fifo: boolean, name: string, value: string): string {
  const range = numberRange(name);
  if (range !== undefined) return wholeIn(name, value, range);
  if (TEXTS.includes(name)) return value;
  const words = WORDS[name] ?? (fifo ? FIFO_WORDS[name] : undefined);
  if (words === undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  if (!words.includes(value)) throw invalidAttribute(name);
  return value;
}

function numberRange(name: string): readonly [number, number] | undefined {
  if (name === KEY_REUSE) return [60, 86_400];
  if (!Object.hasOwn(NUMBERS, name)) return undefined;
  // The name is a key of the table: that was asked.
  const [, least, most] = NUMBERS[name as NumberAttribute];
  return [least, most];
}

function wholeIn(name: string, value: string, [least, most]: readonly [number, number]): string {
  const number = Number(value);
  if (!/^\d+$/u.test(value) || number < least || number > most) throw invalidAttribute(name);
  return String(number);
}

function invalidAttribute(name: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function firstWords(words: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([name, [first = '']]) => [name, first]));
}
