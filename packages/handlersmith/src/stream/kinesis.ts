/**
 * `kinesisHandler`: one function for the records of a Kinesis stream.
 *
 * @module
 */
import type { Context, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

import { extendable, extended, type Merged } from '../handler/defaults.ts';
import type { FunctionEnvironment, FunctionEnvironmentOf, FunctionInput } from '../handler/environment.ts';
import type { OutputOf } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { type KinesisItem, unpacked, UserRecord } from './aggregate.ts';
import { afterwards, buildStream, call, type StreamSource, type StreamWork } from './build.ts';
import { dataReaderOf } from './data.ts';
import { Delivery } from './delivery.ts';
import { kinesisRecordsOf } from './event.ts';
import { functionsOf } from './handlers.ts';
import type { Close, StreamAnswer, StreamOutput, WindowInput } from './input.ts';
import { batchManifest, type KinesisManifest } from './manifest.ts';
import { checkKinesisOptions, type KinesisOptions } from './options.ts';

/** What a record carries: as the schema gives it, else JSON where `format` says so, else bytes. */
type DataOf<Options> = Options extends { readonly data: infer S }
  ? OutputOf<S>
  : Options extends { readonly format: 'json' }
    ? unknown
    : Uint8Array;

/** What `run` gets: one record. */
export type KinesisInput<Options, Env extends FunctionEnvironment> = {
  /** What the producer put, validated. */
  readonly data: DataOf<Options>;
  /** What the producer chose; order holds within it. */
  readonly partitionKey: string;
  /** The record's place in the shard. Longer than a number can be: compare as `BigInt`. */
  readonly sequenceNumber: string;
  /** The place in the record that the Kinesis Producer Library packed it into; `undefined` where it came alone. */
  readonly subSequenceNumber: number | undefined;
  /** When it arrived, to the millisecond. */
  readonly arrivedAt: Date;
  /** Shard, sequence number, and sub-sequence number if any: the same whenever the record is delivered again. */
  readonly eventId: string;
  /** The record as it came; where it was one of several, the one they came in. */
  readonly record: Readonly<KinesisStreamRecord>;
} & WindowInput<Options> &
  FunctionInput<Env>;

/** With a tumbling window: one function for the records and one for the end of the window. */
export type KinesisHandlers<Options, Env extends FunctionEnvironment> = {
  readonly data: (input: KinesisInput<Options, Env>) => StreamOutput<Options>;
} & Close<Options, Env>;

/** A Lambda handler for a Kinesis stream. */
export interface KinesisHandler<Answer = StreamAnswer> {
  (event: KinesisStreamEvent, context?: Partial<Context>): Promise<Answer>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: KinesisManifest;
}

/** Makes handlers of Kinesis streams; `extend` makes a factory of your own out of it. */
export interface KinesisHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that handles one record.
   *
   * Records run one after the other, in the order of the shard; with `concurrency`, those of one partition key do. At
   * the first failure it stops, and that record is reported: Lambda sends it and everything after it again. Records
   * that the Kinesis Producer Library aggregated are taken apart; if one of them fails, all of them come again.
   *
   * @param options - the data's schema, what becomes of permanent failures: everything has a default
   * @param run - gets one record; with a tumbling window also `{ data: run, close }`
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * const Click = z.object({ page: z.string() });
   *
   * export const handler = kinesisHandler({ data: Click }, async ({ data, arrivedAt }) => {
   *   await clicks.count(data.page, arrivedAt);
   * });
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
   */
  <const Options extends KinesisOptions>(
    options: Options,
    run:
      | ((
          input: KinesisInput<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
        ) => StreamOutput<Merged<Defaults, Options>>)
      | KinesisHandlers<Merged<Defaults, Options>, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
  ): KinesisHandler<StreamAnswer<Merged<Defaults, Options>>>;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const kinesis = kinesisHandler.extend({ service: 'shop', concurrency: 8 });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends KinesisOptions>(defaults: More): KinesisHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'kinesisHandler';

const outerOf = (item: KinesisItem): KinesisStreamRecord => (item instanceof UserRecord ? item.outer : item);

const source: StreamSource<KinesisItem> = {
  name: 'kinesis',
  recordsOf: kinesisRecordsOf,
  itemsOf: unpacked,
  eventIdOf: (item) =>
    item instanceof UserRecord ? `${item.outer.eventID}:${item.subSequenceNumber}` : item.eventID,
  arnOf: (item) => outerOf(item).eventSourceARN,
  // A hand-made record may lack what its type promises; that one fails must not hide it. Several that came in one
  // have its number: Lambda knows no other.
  sequenceNumberOf: (item) => (outerOf(item) as Partial<KinesisStreamRecord>).kinesis?.sequenceNumber,
  keyOf: (item) =>
    item instanceof UserRecord
      ? item.partitionKey
      : ((item as Partial<KinesisStreamRecord>).kinesis?.partitionKey ?? ''),
};

/** Makes a Lambda handler for a Kinesis stream. See {@link KinesisHandlerFactory}. */
export const kinesisHandler: KinesisHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (factory, defaults: KinesisOptions) => checkKinesisOptions(factory, defaults),
  (defaults) =>
    (own: KinesisOptions, run: unknown): KinesisHandler<never> => {
      const options = extended(defaults, own);
      checkKinesisOptions(FACTORY, options);
      const serve = buildStream(FACTORY, options, source, workOf(options, run));
      const manifest: KinesisManifest = {
        trigger: 'kinesis',
        ...batchManifest(options),
        data: options.data,
      };
      return Object.assign(
        // The stream's answer, as `StreamAnswer` types it by the options.
        (event: KinesisStreamEvent, context?: Partial<Context>) => serve(event, context) as Promise<never>,
        { manifest },
      );
    },
  {},
);

function workOf(options: KinesisOptions, given: unknown): StreamWork<KinesisItem> {
  const functions = functionsOf(FACTORY, ['data'], options.window !== undefined, given);
  const run = functions.data;
  if (run === undefined) throw new TypeError(`${FACTORY}: the second parameter has no function "data"`);
  const read = dataReaderOf(FACTORY, options);

  return {
    close: functions.close,
    run: (item, view, scope, once) => {
      const record = outerOf(item);
      const { sequenceNumber, approximateArrivalTimestamp } = record.kinesis;
      const isOne = item instanceof UserRecord;
      const deliver = (data: unknown): unknown =>
        call(
          run,
          new Delivery(
            view,
            {
              data,
              partitionKey: isOne ? item.partitionKey : record.kinesis.partitionKey,
              sequenceNumber,
              subSequenceNumber: isOne ? item.subSequenceNumber : undefined,
              arrivedAt: new Date(Math.round(approximateArrivalTimestamp * 1000)), // seconds, with a fraction
              eventId: source.eventIdOf(item),
              record,
            },
            scope,
          ),
          scope,
          once,
        );
      const data = read(isOne ? item.data : Buffer.from(record.kinesis.data, 'base64'));
      return isThenable(data) ? afterwards(data, view, deliver) : deliver(data);
    },
  };
}
