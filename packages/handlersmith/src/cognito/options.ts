/**
 * What `cognitoHandler` takes, and the checks of it.
 *
 * @module
 */
import { type FunctionEnvironment, type FunctionOptions, functionRules } from '../handler/environment.ts';
import { checkOptions, type OptionRules } from '../handler/options.ts';
import { checkIdempotency, idempotencyRule, type IdempotencyOptions } from '../idempotency/options.ts';
import { type AnyCognitoEvent, type CognitoTrigger, triggerNames } from './event.ts';
import type { CognitoInput } from './input.ts';

/** An event, as `key` and `payload` of the option `idempotency` see it. */
export type IdempotentTrigger = CognitoInput<AnyCognitoEvent, FunctionEnvironment>;

/** What {@link cognitoHandler} takes. Everything has a default. */
export interface CognitoOptions extends FunctionOptions {
  /**
   * What becomes of an event that no function is for. `'fail'` (default): the user's request fails, and the log names
   * the trigger source. `'pass'`: the event goes back unchanged, as if there were no trigger.
   */
  readonly unknown?: 'fail' | 'pass';
  /**
   * Runs each piece of work once, and gives Cognito's retries the first response. An event has no id, so the key is
   * yours to name: `key: ({ source, userPoolId, userName }) => [source, userPoolId, userName]` is once per user.
   * Default: none.
   */
  readonly idempotency?: IdempotencyOptions<IdempotentTrigger>;
}

const rules: OptionRules = {
  ...functionRules,
  unknown: { expected: "'fail' or 'pass'", accepts: (value) => value === 'fail' || value === 'pass' },
  idempotency: idempotencyRule,
};

/** @throws TypeError naming a wrong option */
export function checkCognitoOptions(factory: string, options: CognitoOptions): void {
  checkOptions(factory, options, rules);
  if (options.idempotency !== undefined) checkIdempotency(`${factory}: idempotency`, options.idempotency);
}

/** A team's function, whatever its trigger. */
export type TriggerFunction = (input: object) => unknown;

/**
 * Reads the functions.
 *
 * @throws TypeError naming a trigger that there is not, or one without a function
 */
export function functionsOf(factory: string, given: unknown): ReadonlyMap<CognitoTrigger, TriggerFunction> {
  if (typeof given !== 'object' || given === null)
    throw new TypeError(
      `${factory}: the second parameter must be an object of functions, got ${given === null ? 'null' : typeof given}`,
    );
  const functions = new Map<CognitoTrigger, TriggerFunction>();
  for (const [name, run] of Object.entries(given) as [string, unknown][]) {
    if (run === undefined) continue;
    const trigger = triggerNames.find((known) => known === name);
    if (trigger === undefined)
      throw new TypeError(`${factory}: unknown trigger "${name}". Known: ${triggerNames.join(', ')}`);
    if (typeof run !== 'function')
      throw new TypeError(`${factory}: "${name}" must be a function, got ${typeof run}`);
    functions.set(trigger, run as TriggerFunction); // any function is one of an object
  }
  if (functions.size === 0)
    throw new TypeError(`${factory}: the second parameter must have a function for a trigger`);
  return functions;
}
