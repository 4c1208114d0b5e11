/**
 * What `cronHandler` takes, and the checks of it.
 *
 * @module
 */
import { type FunctionOptions, functionRules } from '../handler/environment.ts';
import { isObject } from '../handler/object.ts';
import { checkOptions, type OptionRules, text } from '../handler/options.ts';
import { type Schema, schemaRule } from '../handler/schema.ts';
import { storeRule, ttlRule } from '../idempotency/options.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import type { Schedule } from './schedule.ts';

/** What {@link cronHandler} takes. Everything has a default. */
export interface CronOptions extends FunctionOptions {
  /**
   * The schedule's name: with the slot, what tells one run from another. Default: the name in the ARN of the rule or
   * schedule, with its group.
   */
  readonly schedule?: string;
  /** Schema of the input. Default: any input. */
  readonly input?: Schema;
  /** Where runs are kept: `dynamoStore(…)`. With it a slot is run to its end once. Default: each event runs. */
  readonly once?: IdempotencyStore;
  /** With `once`: seconds for which a slot that was run stays so. Default 2,592,000, that is 30 days. */
  readonly ttl?: number;
  /** With `once`: whether a slot may run while another slot of the schedule does. Default `'refuse'`. */
  readonly overlap?: 'refuse' | 'allow';
  /** The expression in the template, checked: `schedule('cron(0 2 * * ? *)')`. A slot run by hand must be one of it. */
  readonly expression?: Schedule;
}

/** Duplicates come within two days at most; who runs slots by hand may look further back. */
export const DEFAULT_TTL_SECONDS: number = 30 * 86_400;

/** Rules of {@link CronOptions}. */
export const cronRules: OptionRules = {
  ...functionRules,
  schedule: text,
  input: schemaRule,
  once: storeRule,
  ttl: ttlRule,
  overlap: { expected: "'refuse' or 'allow'", accepts: (value) => value === 'refuse' || value === 'allow' },
  expression: { expected: "schedule('cron(…)')", accepts: isSchedule },
};

/**
 * @throws TypeError naming the wrong option
 */
export function checkCron(factory: string, options: CronOptions): void {
  checkOptions(factory, options, cronRules);
  for (const name of ['ttl', 'overlap'] as const) {
    if (options[name] !== undefined && options.once === undefined)
      throw new TypeError(`${factory}: option "${name}" says nothing without "once", a store`);
  }
}

/** By its mark: handlers without an expression need none of the code that reads one. */
function isSchedule(value: unknown): value is Schedule {
  return isObject(value) && 'kind' in value && 'includes' in value;
}
