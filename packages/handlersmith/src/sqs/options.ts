/**
 * What the SQS factories take, and the checks of it.
 *
 * @module
 */
import { type FunctionOptions, functionRules } from '../handler/environment.ts';
import { type OptionRule, type OptionRules, text } from '../handler/options.ts';
import { type Schema, schemaRule } from '../handler/schema.ts';
import { type IdempotencyOptions, idempotencyRule } from '../idempotency/options.ts';
import type { SqsClient } from './client.ts';
import type { SqsKeyInput } from './once.ts';
import type { Quarantine } from './quarantine.ts';

/** How a message is read. */
export interface ReadOptions {
  /** The message's schema. A message that does not match is a permanent failure. Default: any message. */
  readonly message?: Schema;
  /** How the body is read: default `'json'`. */
  readonly format?: 'json' | 'text';
  /** `'sns'` takes the envelope of SNS off; messages delivered raw are taken as they are. Default: no envelope. */
  readonly envelope?: 'sns';
  /** Schema of the message attributes, an object of values. Default: any attributes. */
  readonly attributes?: Schema;
}

/**
 * What becomes of a message that fails permanently: it does not parse, does not match its schema, or `run` threw
 * `permanent(…)`.
 *
 * - `'retry'`: it comes again until the queue's own dead-letter queue takes it
 * - `'drop'`: it is done away with, and the log says so
 * - `quarantine({ queueUrl })`: it goes to another queue at once, with the reason
 */
export type OnPermanent = 'retry' | 'drop' | Quarantine;

/** What {@link sqsHandler} takes. Everything has a default. */
export interface SqsOptions extends FunctionOptions, ReadOptions {
  /** Messages that run at one time; of a FIFO queue, message groups. Default 10. */
  readonly concurrency?: number;
  /** What becomes of messages that fail permanently. Default `'retry'`. */
  readonly onPermanent?: OnPermanent;
  /** Does each piece of work once, however often its messages come. Default: as often as it comes. */
  readonly idempotency?: IdempotencyOptions<SqsKeyInput<Schema>>;
}

/** Messages that run at one time where nothing is said: as many as a batch has by default. */
export const DEFAULT_CONCURRENCY = 10;

const oneOf = (...values: readonly string[]): OptionRule => ({
  expected: values.map((value) => `'${value}'`).join(' or '),
  accepts: (value) => typeof value === 'string' && values.includes(value),
});

const wholeNumber = (least: number, most: number): OptionRule => ({
  expected:
    most === Infinity ? `a whole number of ${least} or more` : `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most, // an integer is a number
});

/** Rules of {@link SqsOptions} and of all handlers that read messages. */
export const readerRules: OptionRules = {
  ...functionRules,
  message: schemaRule,
  format: oneOf('json', 'text'),
  envelope: oneOf('sns'),
  attributes: schemaRule,
  concurrency: wholeNumber(1, Infinity),
};

/** Rules of {@link SqsOptions}. */
export const sqsRules: OptionRules = {
  ...readerRules,
  idempotency: idempotencyRule,
  onPermanent: {
    expected: "'retry', 'drop' or quarantine({ queueUrl })",
    accepts: (value) => value === 'retry' || value === 'drop' || isQuarantine(value),
  },
};

/** By its mark, not its class: handlers that quarantine nothing need none of its code. */
function isQuarantine(value: unknown): value is Quarantine {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'quarantine';
}

/** Rules that queues share. */
export const queueUrl: OptionRule = text;
export const delaySeconds: OptionRule = wholeNumber(0, 900);
export const count: OptionRule = wholeNumber(0, Infinity);
export const client: OptionRule = {
  expected: 'an SQSClient of @aws-sdk/client-sqs',
  accepts: (value): value is SqsClient =>
    typeof value === 'object' && value !== null && 'send' in value && typeof value.send === 'function',
};
