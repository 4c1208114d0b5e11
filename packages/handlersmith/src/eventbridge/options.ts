/**
 * What `eventBridgeHandler` takes, and the checks of it.
 *
 * @module
 */
import { type FunctionEnvironment, type FunctionOptions, functionRules } from '../handler/environment.ts';
import { checkOptions, type OptionRule, type OptionRules } from '../handler/options.ts';
import { checkIdempotency, idempotencyRule, type IdempotencyOptions } from '../idempotency/options.ts';
import type { EventBridgeInput } from './input.ts';

/** An event, as `key` and `payload` of the option `idempotency` see it. */
export type IdempotentEvent = EventBridgeInput<object, FunctionEnvironment>;

/** One execution per event. */
export interface EventIdempotency extends Omit<IdempotencyOptions<IdempotentEvent>, 'key'> {
  /** What tells one piece of work from another. Default: the event's id. */
  readonly key?: IdempotencyOptions<IdempotentEvent>['key'];
}

/** What {@link eventBridgeHandler} takes. Everything has a default. */
export interface EventBridgeOptions extends FunctionOptions {
  /**
   * What becomes of an event that no function is for. `'fail'` (default): the invocation fails, so that the event ends
   * up in the on-failure destination. `'ignore'`: a log line says so, and it is done.
   */
  readonly unknown?: 'fail' | 'ignore';
  /**
   * What becomes of an event that fails permanently: its detail does not match, or the function threw `permanent(…)`.
   * `'retry'` (default): the invocation fails, as with any error; Lambda tries twice more, since it knows no failure
   * that it should not try again, and then sends the event to the on-failure destination. `'drop'`: it is logged as an
   * error and done away with.
   */
  readonly onPermanent?: 'retry' | 'drop';
  /** Runs each event once, by its id or a key of your own: `{ store: dynamoStore({ tableName }) }`. Default: none. */
  readonly idempotency?: EventIdempotency;
}

const oneOf = (...values: readonly string[]): OptionRule => ({
  expected: values.map((value) => `'${value}'`).join(' or '),
  accepts: (value) => typeof value === 'string' && values.includes(value),
});

const rules: OptionRules = {
  ...functionRules,
  unknown: oneOf('fail', 'ignore'),
  onPermanent: oneOf('retry', 'drop'),
  idempotency: idempotencyRule,
};

/** @throws TypeError naming a wrong option */
export function checkEventBridgeOptions(factory: string, options: EventBridgeOptions): void {
  checkOptions(factory, options, rules);
  const idempotency = idempotencyOf(options);
  if (idempotency !== undefined) checkIdempotency(`${factory}: idempotency`, idempotency);
}

/** The option `idempotency` with its default key. */
export function idempotencyOf({
  idempotency,
}: EventBridgeOptions): IdempotencyOptions<IdempotentEvent> | undefined {
  return idempotency === undefined
    ? undefined
    : { ...idempotency, key: idempotency.key ?? ((input) => input.id) };
}
