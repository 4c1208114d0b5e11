/**
 * `sqsHandler`: one function for the messages of a queue.
 *
 * @module
 */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import type { Invocation } from '../handler/invocation.ts';
import { checkOptions } from '../handler/options.ts';
import type { Schema } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { Discarded, PermanentFailure } from '../records/outcome.ts';
import { buildSqs, type MessageWork, type RunMessage } from './build.ts';
import type { Message, SqsInput } from './input.ts';
import type { SqsManifest } from './manifest.ts';
import type { IdempotencyOf, MessageOf } from './once.ts';
import { DEFAULT_CONCURRENCY, type SqsOptions, sqsRules } from './options.ts';

/** A Lambda handler for the messages of a queue. */
export interface SqsHandler {
  (event: SQSEvent, context?: Partial<Context>): Promise<SQSBatchResponse>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: SqsManifest;
}

/** Makes SQS handlers; `extend` makes a factory of your own out of it. */
export interface SqsHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that handles one message.
   *
   * Messages of a standard queue run side by side. Those of a FIFO queue run in the order of their group, groups side
   * by side; after a failure the rest of the group waits for the next delivery. What fails is reported failed, and
   * nothing else.
   *
   * @param options - the message's schema, what becomes of permanent failures: everything has a default
   * @param run - gets one validated message. It is done when `run` returns; it failed when `run` throws; it never
   *   comes again, in the way `onPermanent` says, when it throws `permanent('why')`
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * const Order = z.object({ id: z.string(), total: z.number() });
   *
   * export const handler = sqsHandler({ message: Order }, async ({ message, signal }) => {
   *   await orders.ship(message.id, { signal });
   * });
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
   */
  <const Options extends Omit<SqsOptions, 'idempotency'>, M extends Schema = MessageOf<Defaults>>(
    options: Options & IdempotencyOf<M>,
    run: (
      input: SqsInput<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
    ) => unknown,
  ): SqsHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const sqs = sqsHandler.extend({ service: 'shop', onPermanent: quarantine({ queueUrl }) });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends SqsOptions>(defaults: More): SqsHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'sqsHandler';

type Run = (input: never) => unknown;

/** Makes a Lambda handler for the messages of a queue. See {@link SqsHandlerFactory}. */
export const sqsHandler: SqsHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (factory, defaults: SqsOptions) => checkOptions(factory, defaults, sqsRules),
  (defaults) =>
    (own: SqsOptions, run: Run): SqsHandler => {
      const options = extended(defaults, own);
      checkOptions(FACTORY, options, sqsRules);
      checkRun(FACTORY, run);
      const work = workOf(options, run);
      return Object.assign(buildSqs(FACTORY, options, work), { manifest: manifestOf(options) });
    },
  {},
);

/** @throws TypeError when `run` is no function */
export function checkRun(factory: string, run: unknown): void {
  if (typeof run !== 'function')
    throw new TypeError(`${factory}: the second parameter must be a function, got ${typeof run}`);
}

function workOf({ onPermanent = 'retry' }: SqsOptions, run: Run): MessageWork {
  const called = run as RunMessage; // `run` is typed by its options, which made the message
  if (onPermanent === 'retry') return { open: () => (message, work) => work(message), run: called };
  if (onPermanent === 'drop')
    return {
      open: () => (message, work) => rescued(message, work, (error) => new Discarded(error, 'dropped')),
      run: called,
    };
  return {
    reserve: onPermanent.reserve,
    open: (invocation: Invocation) => {
      const put = onPermanent.open(invocation.signal);
      const rescue = async (message: Message, error: PermanentFailure): Promise<Discarded> => {
        await put(message.record, error);
        return new Discarded(error, 'quarantined');
      };
      return (message, work) => rescued(message, work, (error) => rescue(message, error));
    },
    run: called,
  };
}

/** Does the work, and something about a permanent failure. */
function rescued(message: Message, work: RunMessage, rescue: (error: PermanentFailure) => unknown): unknown {
  const caught = (error: unknown): unknown => {
    if (error instanceof PermanentFailure) return rescue(error);
    throw error;
  };
  try {
    const returned = work(message);
    return isThenable(returned) ? Promise.resolve(returned).catch(caught) : returned;
  } catch (error) {
    return caught(error);
  }
}

function manifestOf({ service, concurrency, onPermanent = 'retry', message }: SqsOptions): SqsManifest {
  const quarantine = typeof onPermanent === 'string' ? undefined : onPermanent;
  return {
    trigger: 'sqs',
    service,
    needs: ['ReportBatchItemFailures', 'VisibilityTimeout', 'DeadLetterQueue'],
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    onPermanent: typeof onPermanent === 'string' ? onPermanent : 'quarantine',
    sendsTo: quarantine === undefined ? [] : [quarantine.queueUrl],
    message,
  };
}
