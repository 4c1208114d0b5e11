/**
 * `streamHandler`: one function for the changes of a DynamoDB table.
 *
 * @module
 */
import type { Context, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { isThenable } from '../handler/thenable.ts';
import { skipped } from '../records/outcome.ts';
import { afterwards, buildStream, call, type StreamSource, type StreamWork } from './build.ts';
import {
  type ChangeType,
  type CheckedChange,
  checkerOf,
  type RawChange,
  readerOf,
  typeOf,
} from './change.ts';
import { Delivery } from './delivery.ts';
import { dynamoRecordsOf } from './event.ts';
import { functionsOf } from './handlers.ts';
import type { ChangeHandlers, StreamAnswer, StreamInput, StreamOutput } from './input.ts';
import { batchManifest, type StreamManifest } from './manifest.ts';
import { checkStreamOptions, type StreamOptions } from './options.ts';

/** A Lambda handler for the stream of a DynamoDB table. */
export interface StreamHandler<Answer = StreamAnswer> {
  (event: DynamoDBStreamEvent, context?: Partial<Context>): Promise<Answer>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: StreamManifest;
}

/** Makes handlers of DynamoDB streams; `extend` makes a factory of your own out of it. */
export interface StreamHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of functions that handle one change of an item.
   *
   * Changes run one after the other, in the order of the shard; with `concurrency`, those of one item do. At the first
   * failure it stops, and that record is reported: Lambda sends it and everything after it again.
   *
   * @param options - the items' schema, what becomes of permanent failures: everything has a default
   * @param handlers - `{ insert, modify, remove }`, or one function for all; a change without a function needs no work
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * const User = z.object({ id: z.string(), email: z.string() });
   *
   * export const handler = streamHandler({ item: User }, {
   *   insert: async ({ after, signal }) => mail.welcome(after.email, { signal }),
   *   remove: async ({ before, expired }) => audit.gone(before.id, expired ? 'expired' : 'deleted'),
   * });
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
   */
  <const Options extends StreamOptions>(
    options: Options,
    handlers:
      | ((
          input: StreamInput<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
        ) => StreamOutput<Merged<Defaults, Options>>)
      | ChangeHandlers<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
  ): StreamHandler<StreamAnswer<Merged<Defaults, Options>>>;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const stream = streamHandler.extend({ service: 'shop', onPermanent: 'drop' });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends StreamOptions>(defaults: More): StreamHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'streamHandler';

const source: StreamSource<DynamoDBRecord> = {
  name: 'dynamodb',
  recordsOf: dynamoRecordsOf,
  eventIdOf: ({ eventID }) => eventID,
  arnOf: ({ eventSourceARN }) => eventSourceARN,
  sequenceNumberOf: ({ dynamodb }) => dynamodb?.SequenceNumber,
  keyOf: itemKeyOf,
};

/** Makes a Lambda handler for the stream of a DynamoDB table. See {@link StreamHandlerFactory}. */
export const streamHandler: StreamHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (factory, defaults: StreamOptions) => checkStreamOptions(factory, defaults),
  (defaults) =>
    (own: StreamOptions, handlers: unknown): StreamHandler<never> => {
      const options = extended(defaults, own);
      checkStreamOptions(FACTORY, options);
      const serve = buildStream(FACTORY, options, source, workOf(options, handlers));
      return Object.assign(
        // The stream's answer, as `StreamAnswer` types it by the options.
        (event: DynamoDBStreamEvent, context?: Partial<Context>) => serve(event, context) as Promise<never>,
        { manifest: manifestOf(options) },
      );
    },
  {},
);

function workOf(options: StreamOptions, given: unknown): StreamWork<DynamoDBRecord> {
  const functions = functionsOf<ChangeType>(
    FACTORY,
    ['insert', 'modify', 'remove'],
    options.window !== undefined,
    given,
  );
  const read = readerOf(options);
  const check = checkerOf(FACTORY, options);
  const skips = skipOf(options);

  return {
    close: functions.close,
    run: (record, view, scope, once) => {
      const type = typeOf(record);
      if (type === undefined)
        throw new Error('A record has an eventName that is none of INSERT, MODIFY and REMOVE');
      const run = functions[type];
      if (run === undefined) return undefined;
      const change = read(record, type);
      const reason = skips(change);
      if (reason !== undefined) return skipped(reason);
      const deliver = (checked: CheckedChange): unknown =>
        call(run, new Delivery(view, checked, factsOf(record), scope), scope, once);
      const checked = check(change);
      return isThenable(checked) ? afterwards(checked, view, deliver) : deliver(checked);
    },
  };
}

/** Why a change needs no work; `undefined` where it does. */
function skipOf({ skip, ownWrites }: StreamOptions): (change: RawChange) => string | undefined {
  return (change) => {
    if (ownWrites?.wrote(change) === true) return 'own write';
    return skip?.(change) === true ? 'skip said so' : undefined;
  };
}

function factsOf(record: DynamoDBRecord): object {
  const { SequenceNumber, ApproximateCreationDateTime } = record.dynamodb ?? {};
  return {
    eventId: record.eventID,
    sequenceNumber: SequenceNumber,
    changedAt:
      ApproximateCreationDateTime === undefined ? undefined : new Date(ApproximateCreationDateTime * 1000),
    record,
  };
}

/** Attributes in the order of their names: nobody promises that two records have them in the same one. */
function itemKeyOf({ dynamodb }: DynamoDBRecord): string {
  const keys = Object.entries(dynamodb?.Keys ?? {});
  return JSON.stringify(keys.length > 1 ? keys.toSorted(([one], [other]) => (one < other ? -1 : 1)) : keys);
}

function manifestOf(options: StreamOptions): StreamManifest {
  return {
    trigger: 'dynamodb',
    ...batchManifest(options),
    view: options.view ?? 'NEW_AND_OLD_IMAGES',
    item: options.item,
  };
}
