import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';

/**
 * What the stream factories take, and the checks of it.
 *
 * @module
 */
import { type FunctionOptions, functionRules } from '../handler/environment.ts';
import { callback, checkOptions, type OptionRule, type OptionRules } from '../handler/options.ts';
import { type Schema, schemaRule } from '../handler/schema.ts';
import type { IdempotencyKey } from '../idempotency/key.ts';
import { type IdempotencyOptions, idempotencyRule } from '../idempotency/options.ts';
import type { RawChange, StreamView } from './change.ts';
import type { NumberFormat } from './number.ts';
import type { OwnWrites } from './own.ts';

/** A record, as `key` and `payload` of the option `idempotency` see it. */
export interface StreamKeyInput<Record> {
  /** Id of the record: the same whenever it is delivered again. */
  readonly eventId: string;
  /** As it came: the same for all that the Kinesis Producer Library packed into one. */
  readonly record: Readonly<Record>;
}

/** One execution per record. */
export interface StreamIdempotencyOptions<Record> extends Omit<
  IdempotencyOptions<StreamKeyInput<Record>>,
  'key'
> {
  /** Default: the stream's ARN and the record's `eventId`. */
  readonly key?: (input: StreamKeyInput<Record>) => IdempotencyKey;
}

/** What both factories take beside the options of every function. */
export interface BatchOptions extends FunctionOptions {
  /**
   * Records that run at one time. Default 1: one after the other, in the order of the shard. With more, records of one
   * key (item key, partition key) still run one after the other.
   */
  readonly concurrency?: number;
  /**
   * What becomes of a record that fails permanently: it does not match its schema, or `run` threw `permanent(…)`.
   * `'retry'` (default): it comes again, and holds up its shard, until the event source mapping gives it up.
   * `'drop'`: it is logged as an error and passed over.
   */
  readonly onPermanent?: 'retry' | 'drop';
  /**
   * For an event source mapping with a tumbling window: what its state begins with, plain JSON of at most 1 MB. Each
   * function then gets `state` and returns the next one.
   */
  readonly window?: { readonly initial: () => object };
  /** Skips records that are done, when Lambda delivers them again. Default: they run again. Not with `window`. */
  readonly idempotency?: StreamIdempotencyOptions<never>;
}

/** What `streamHandler` takes. Everything has a default. */
export interface StreamOptions extends BatchOptions {
  /** Skips records that are done, when Lambda delivers them again. Default: they run again. Not with `window`. */
  readonly idempotency?: StreamIdempotencyOptions<DynamoDBRecord>;
  /** Schema of the items; both images are checked. A record that does not match is a permanent failure. Default: any item. */
  readonly item?: Schema;
  /** Schema of the items' keys. Default: any key. */
  readonly keys?: Schema;
  /** The table's `StreamViewType`, which says what images there are. Default `'NEW_AND_OLD_IMAGES'`. */
  readonly view?: StreamView;
  /** What becomes of numbers that a `number` cannot hold digit for digit. Default `'bigint'`. */
  readonly numbers?: NumberFormat;
  /** Tells changes that need no work; it is asked before schemas. Default: all changes need work. */
  readonly skip?: (change: RawChange) => boolean;
  /** Skips the changes that this function made itself: `ownWrites('my-service')`. Default: none are skipped. */
  readonly ownWrites?: OwnWrites;
}

/** What `kinesisHandler` takes. Everything has a default. */
export interface KinesisOptions extends BatchOptions {
  /** Skips records that are done, when Lambda delivers them again. Default: they run again. Not with `window`. */
  readonly idempotency?: StreamIdempotencyOptions<KinesisStreamRecord>;
  /** Schema of the data, as parsed from JSON. A record that does not match is a permanent failure. Default: any data. */
  readonly data?: Schema;
  /** How the data is read: `'json'` or `'bytes'`. Default `'json'` with a schema, else `'bytes'`. */
  readonly format?: 'json' | 'bytes';
}

const oneOf = (...values: readonly string[]): OptionRule => ({
  expected: values.map((value) => `'${value}'`).join(' or '),
  accepts: (value) => typeof value === 'string' && values.includes(value),
});

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const batchRules: OptionRules = {
  ...functionRules,
  concurrency: {
    expected: 'a whole number of 1 or more',
    accepts: (value) => Number.isInteger(value) && (value as number) >= 1, // an integer is a number
  },
  onPermanent: oneOf('retry', 'drop'),
  idempotency: idempotencyRule,
  window: {
    expected: 'an object { initial } with a function that gives the first state',
    accepts: (value) => isObject(value) && 'initial' in value && typeof value.initial === 'function',
  },
};

/** Rules of {@link StreamOptions}. */
const streamRules: OptionRules = {
  ...batchRules,
  item: schemaRule,
  keys: schemaRule,
  view: oneOf('NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY'),
  numbers: oneOf('bigint', 'number', 'string'),
  skip: callback,
  ownWrites: {
    expected: "what ownWrites('my-service') gives",
    accepts: (value) => isObject(value) && 'wrote' in value && typeof value.wrote === 'function',
  },
};

/** Rules of {@link KinesisOptions}. */
const kinesisRules: OptionRules = { ...batchRules, data: schemaRule, format: oneOf('json', 'bytes') };

/** @throws TypeError naming a wrong option, or two that contradict each other */
export function checkStreamOptions(factory: string, options: StreamOptions): void {
  checkOptions(factory, options, streamRules);
  checkWindow(factory, options);
  if (options.ownWrites !== undefined && (options.view ?? 'NEW_AND_OLD_IMAGES') !== 'NEW_AND_OLD_IMAGES')
    throw new TypeError(
      `${factory}: option "ownWrites" needs both images: a mark is this write's own if it was not there before`,
    );
}

/** @throws TypeError naming a wrong option, or two that contradict each other */
export function checkKinesisOptions(factory: string, options: KinesisOptions): void {
  checkOptions(factory, options, kinesisRules);
  checkWindow(factory, options);
  if (options.data !== undefined && options.format === 'bytes')
    throw new TypeError(
      `${factory}: option "data" is a schema of JSON; leave "format" out or make it 'json'`,
    );
}

function checkWindow(factory: string, { window, concurrency = 1, idempotency }: BatchOptions): void {
  if (window !== undefined && idempotency !== undefined)
    throw new TypeError(
      `${factory}: options "window" and "idempotency" cannot go together: a record that is skipped would be missing in the state`,
    );
  if (window !== undefined && concurrency > 1)
    throw new TypeError(
      `${factory}: option "window" goes from state to state, one record after the other: "concurrency" must be 1`,
    );
}
