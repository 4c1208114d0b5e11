/**
 * What `snsHandler` takes, and the checks of it.
 *
 * @module
 */
import { type FunctionEnvironment, type FunctionOptions, functionRules } from '../handler/environment.ts';
import { checkOptions, type OptionRule, type OptionRules } from '../handler/options.ts';
import { type Schema, schemaRule } from '../handler/schema.ts';
import { checkIdempotency, idempotencyRule, type IdempotencyOptions } from '../idempotency/options.ts';
import type { SnsInput } from './input.ts';

/** A message of this schema, as `key` and `payload` of the option `idempotency` see it. */
export type IdempotentNotification<M extends Schema = Schema> = SnsInput<
  { readonly message: M },
  FunctionEnvironment
>;

/** One execution per message. */
export interface SnsIdempotency<M extends Schema = Schema> extends Omit<
  IdempotencyOptions<IdempotentNotification<M>>,
  'key'
> {
  /** What tells one piece of work from another. Default: the message's id. */
  readonly key?: IdempotencyOptions<IdempotentNotification<M>>['key'];
}

/** What a handler takes whose messages have this schema: it types the key. */
export interface SnsIdempotencyOf<M extends Schema> {
  readonly message?: M;
  /** Runs each message once, by its id or a key of your own, so that a retry skips what is done. Default: none. */
  readonly idempotency?: SnsIdempotency<M>;
}

/** The schema of messages that a team's defaults have. */
export type MessageOf<Defaults> = Defaults extends { readonly message: infer M extends Schema } ? M : Schema;

/** What {@link snsHandler} takes. Everything has a default. */
export interface SnsOptions extends FunctionOptions {
  /** The message's schema. A message that does not match is a permanent failure. Default: any message. */
  readonly message?: Schema;
  /** How the message is read: default `'json'`. */
  readonly format?: 'json' | 'text';
  /** Schema of the message attributes, an object of values. Default: any attributes. */
  readonly attributes?: Schema;
  /** Messages that run at one time, should an event have more than one. Default 10. */
  readonly concurrency?: number;
  /**
   * What becomes of a message that fails permanently: it does not parse, does not match its schema, or `run` threw
   * `permanent(…)`. `'retry'` (default): the invocation fails, as with any error; Lambda tries twice more and then
   * sends the event to the on-failure destination. `'drop'`: it is logged as an error and done away with.
   */
  readonly onPermanent?: 'retry' | 'drop';
  /** Runs each message once, by its id or a key of your own, so that a retry skips what is done. Default: none. */
  readonly idempotency?: SnsIdempotency;
}

/** Messages that run at one time where nothing is said. */
export const DEFAULT_CONCURRENCY = 10;

const oneOf = (...values: readonly string[]): OptionRule => ({
  expected: values.map((value) => `'${value}'`).join(' or '),
  accepts: (value) => typeof value === 'string' && values.includes(value),
});

const rules: OptionRules = {
  ...functionRules,
  message: schemaRule,
  format: oneOf('json', 'text'),
  attributes: schemaRule,
  concurrency: {
    expected: 'a whole number of 1 or more',
    accepts: (value) => Number.isInteger(value) && (value as number) >= 1, // an integer is a number
  },
  onPermanent: oneOf('retry', 'drop'),
  idempotency: idempotencyRule,
};

/** @throws TypeError naming a wrong option */
export function checkSnsOptions(factory: string, options: SnsOptions): void {
  checkOptions(factory, options, rules);
  const idempotency = idempotencyOf(options);
  if (idempotency !== undefined) checkIdempotency(`${factory}: idempotency`, idempotency);
}

/** The option `idempotency` with its default key. */
export function idempotencyOf({
  idempotency,
}: SnsOptions): IdempotencyOptions<IdempotentNotification> | undefined {
  return idempotency === undefined
    ? undefined
    : { ...idempotency, key: idempotency.key ?? ((input) => input.messageId) };
}
