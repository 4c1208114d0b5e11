/**
 * `s3Handler`: one function for the objects of a bucket.
 *
 * @module
 */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { checkOptions } from '../handler/options.ts';
import { buildS3 } from './build.ts';
import type { DirectEvent } from './event.ts';
import type { ObjectWork, S3Input } from './input.ts';
import type { S3Manifest } from './manifest.ts';
import { checkContradictions, DEFAULT_CONCURRENCY, listOf, type S3Options, s3Rules } from './options.ts';

/** A Lambda handler for the objects of a bucket. */
export interface S3Handler {
  /** Through a queue: says which messages failed. */
  (event: SQSEvent, context?: Partial<Context>): Promise<SQSBatchResponse>;
  /** By S3, SNS or EventBridge: throws one `AggregateError` after all records have run, if any failed. */
  (event: DirectEvent, context?: Partial<Context>): Promise<void>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: S3Manifest;
}

/** Makes S3 handlers; `extend` makes a factory of your own out of it. */
export interface S3HandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that handles one object.
   *
   * Takes the events of S3 as they are, through SNS, SQS, SNS and then SQS, and of EventBridge. Records run side by
   * side; one that fails keeps no other from running. What fails is tried again: the whole event, or through a queue
   * the message it came in.
   *
   * @param options - which objects run: everything has a default
   * @param run - gets one object. It is done when `run` returns; it failed when `run` throws, unless what was thrown
   *   says that the object is gone or too large: then it is skipped
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * export const handler = s3Handler(
   *   { on: 'created', outputPrefix: 'thumbs/', maxBytes: 10 * 1024 * 1024 },
   *   async ({ object, signal }) => {
   *     await thumbs.put(`thumbs/${object.key}`, await shrink(await object.bytes()), { signal });
   *   },
   * );
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
   */
  <const Options extends S3Options>(
    options: Options,
    run: (input: S3Input<FunctionEnvironmentOf<Merged<Defaults, Options>>>) => unknown,
  ): S3Handler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const s3 = s3Handler.extend({ service: 'photos', idempotency: { store } });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends S3Options>(defaults: More): S3HandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 's3Handler';

type Run = (input: never) => unknown;

/** Makes a Lambda handler for the objects of a bucket. See {@link S3HandlerFactory}. */
export const s3Handler: S3HandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (factory, defaults: S3Options) => checkOptions(factory, defaults, s3Rules),
  (defaults) =>
    (own: S3Options, run: Run): S3Handler => {
      const options = extended(defaults, own);
      checkOptions(FACTORY, options, s3Rules);
      checkContradictions(FACTORY, options);
      if (typeof run !== 'function')
        throw new TypeError(`${FACTORY}: the second parameter must be a function, got ${typeof run}`);
      // `run` is typed by its options, which made the input.
      const serve = buildS3(FACTORY, options, run as (work: ObjectWork) => unknown);
      const handler: unknown = Object.assign(serve, { manifest: manifestOf(options) });
      return handler as S3Handler; // what comes through a queue is answered, all else is not: types cannot follow
    },
  {},
);

function manifestOf(options: S3Options): S3Manifest {
  const { service, on = 'all', maxBytes, concurrency = DEFAULT_CONCURRENCY } = options;
  return {
    trigger: 's3',
    service,
    needs: ['OnFailureDestination', 'ReportBatchItemFailures', 'ListBucket'],
    on,
    prefix: listOf(options.prefix),
    suffix: listOf(options.suffix),
    outputPrefix: listOf(options.outputPrefix),
    maxBytes,
    concurrency,
  };
}
