/**
 * `snsHandler`: one function for the messages of a topic.
 *
 * @module
 */
import type { Context, SNSEvent } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import type { Schema } from '../handler/schema.ts';
import { buildSns } from './build.ts';
import type { Notification, SnsInput } from './input.ts';
import type { SnsManifest } from './manifest.ts';
import {
  checkSnsOptions,
  DEFAULT_CONCURRENCY,
  type MessageOf,
  type SnsIdempotencyOf,
  type SnsOptions,
} from './options.ts';

/** A Lambda handler for the messages of a topic. */
export interface SnsHandler {
  (event: SNSEvent, context?: Partial<Context>): Promise<void>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: SnsManifest;
}

/** Makes SNS handlers; `extend` makes a factory of your own out of it. */
export interface SnsHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that handles one message.
   *
   * Every message of an event runs. If any failed, the invocation fails with one error that gathers them: Lambda tries
   * the whole event twice more, then sends it to the function's on-failure destination. With `idempotency` a retry
   * skips the messages that are done.
   *
   * @param options - the message's schema, what becomes of permanent failures: everything has a default
   * @param run - gets one validated message. It is done when `run` returns; it failed when `run` throws
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * const Alarm = z.object({ AlarmName: z.string(), NewStateValue: z.string() });
   *
   * export const handler = snsHandler({ message: Alarm }, async ({ message, signal }) => {
   *   await chat.post(`${message.AlarmName}: ${message.NewStateValue}`, { signal });
   * });
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
   */
  <const Options extends Omit<SnsOptions, 'idempotency'>, M extends Schema = MessageOf<Defaults>>(
    options: Options & SnsIdempotencyOf<M>,
    run: (
      input: SnsInput<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
    ) => unknown,
  ): SnsHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const topic = snsHandler.extend({ service: 'shop', onPermanent: 'drop' });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends SnsOptions>(defaults: More): SnsHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'snsHandler';

type Run = (input: never) => unknown;

/** Makes a Lambda handler for the messages of a topic. See {@link SnsHandlerFactory}. */
export const snsHandler: SnsHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  checkSnsOptions,
  (defaults: SnsOptions) =>
    (own: SnsOptions, run: Run): SnsHandler => {
      const options = extended(defaults, own);
      checkSnsOptions(FACTORY, options);
      if (typeof run !== 'function')
        throw new TypeError(`${FACTORY}: the second parameter must be a function, got ${typeof run}`);
      // `run` is typed by its options, which made the notification.
      const serve = buildSns(FACTORY, options, run as (notification: Notification) => unknown);
      return Object.assign(serve, { manifest: manifestOf(options) });
    },
  {},
);

function manifestOf({ service, concurrency, onPermanent, message }: SnsOptions): SnsManifest {
  return {
    trigger: 'sns',
    service,
    needs: ['OnFailureDestination'],
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    onPermanent: onPermanent ?? 'retry',
    message,
  };
}
