/**
 * `cronHandler`: one function for the slots of a schedule.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { checkOptions } from '../handler/options.ts';
import { buildCron } from './build.ts';
import type { CronEvent } from './event.ts';
import type { CronInput } from './input.ts';
import type { CronManifest } from './manifest.ts';
import { checkCron, type CronOptions, cronRules } from './options.ts';

/** A Lambda handler for a schedule. Invoke it by hand with `{ slot, input? }` to run a slot again or for the first time. */
export interface CronHandler {
  (event: CronEvent, context?: Partial<Context>): Promise<void>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: CronManifest;
}

/** Makes cron handlers; `extend` makes a factory of your own out of it. */
export interface CronHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that does the work of one slot.
   *
   * The slot is the scheduled time, not the time of day: retries and duplicates of it have the same one. With `once`
   * a slot is run to its end once: a duplicate of it is skipped, one that comes while it runs fails, for Lambda to
   * try again a minute later.
   *
   * @param options - the schedule's name, the input's schema, the store: everything has a default
   * @param run - gets one slot. It is done when `run` returns; when `run` throws, Lambda tries twice more
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * export const handler = cronHandler(
   *   { schedule: 'nightly-report', once: dynamoStore({ tableName: 'runs' }) },
   *   async ({ slot, signal }) => report.write(slot, { signal }),
   * );
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
   */
  <const Options extends CronOptions>(
    options: Options,
    run: (
      input: CronInput<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
    ) => unknown,
  ): CronHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @throws TypeError naming a wrong option
   * @example
   * export const cron = cronHandler.extend({ service: 'shop', once: dynamoStore({ tableName: 'runs' }) });
   */
  extend<const More extends CronOptions>(defaults: More): CronHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'cronHandler';

type Work = (input: never) => unknown;

/** Makes a Lambda handler for a schedule. See {@link CronHandlerFactory}. */
export const cronHandler: CronHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  // Not for contradictions: a handler may add what its defaults lack.
  (factory, defaults: CronOptions) => checkOptions(factory, defaults, cronRules),
  (defaults) =>
    (own: CronOptions, work: Work): CronHandler => {
      const options = extended(defaults, own);
      checkCron(FACTORY, options);
      if (typeof work !== 'function')
        throw new TypeError(`${FACTORY}: the second parameter must be a function, got ${typeof work}`);
      return Object.assign(buildCron(FACTORY, options, work), { manifest: manifestOf(options) });
    },
  {},
);

function manifestOf({ service, schedule, expression, once, input }: CronOptions): CronManifest {
  return {
    trigger: 'cron',
    service,
    needs: ['SlotInInput', 'OnFailure'],
    schedule,
    expression: expression?.expression,
    timezone: expression?.timezone,
    once: once !== undefined,
    input,
  };
}
