/**
 * What {@link blobStore} takes, and the checks of it.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import { callback, checkOptions, flag, type OptionRule, type OptionRules, text } from '../handler/options.ts';
import type { BlobClient, TableClient } from './clients.ts';
import type { BlobStoreHooks } from './events.ts';
import { RECORD_ATTRIBUTES } from './record.ts';
import type { RowKeyShape, RowKey } from './types.ts';

/** Where the records of writes are kept. */
export interface RecordOptions {
  /**
   * The table: partition key and sort key are texts. It may be the table of the rows, when that has a sort key: the
   * records' partition keys start with `write#`, `retire#` and `sweep#`. Stores may share it when their scopes differ: a
   * key that one of them has taken is refused by the other (422).
   *
   * Whoever writes, sweeps or retires must name the same table: a sweep that fences elsewhere deletes what a write is
   * about to commit.
   */
  readonly table: string;
  /** The partition key. Default `pk`. */
  readonly partitionKey?: string;
  /** The sort key. Default `sk`. */
  readonly sortKey?: string;
  /** Seconds since 1970 at which DynamoDB may delete the record: the table's time-to-live attribute. Default `expiresAt`. */
  readonly expiration?: string;
  /**
   * Seconds that records are kept: longer than any retry of a request may come. Default 35 days, which covers a queue
   * and its dead letters; at least two days.
   */
  readonly ttl?: number;
}

/** How much, and how long. Everything has a default. */
export interface BlobStoreLimits {
  /** Bytes a blob may have. Default 5 TiB, which is what S3 takes. */
  readonly maxBytes?: number;
  /** Bytes that the JSON of a response may have. Default and at most 380 KiB: it is kept in an item of DynamoDB. */
  readonly maxResponseBytes?: number;
  /** Bytes of a part, where a stream is uploaded in parts. Default 8 MiB, at least 5. */
  readonly partSize?: number;
  /** Milliseconds after which an attempt sends no commit any more, whatever froze it. Default 15 minutes, at most 12 hours. */
  readonly maxAttemptAge?: number;
  /** Tries of each request, on top of those of the SDK itself. Default 3. */
  readonly attempts?: number;
  /** Milliseconds that the first pause between two tries takes at most; each further twice as long. Default 50. */
  readonly retryDelay?: number;
  /** Milliseconds that a replaced or removed blob stays for those who are reading it. Default an hour, at most ten years. */
  readonly readerGrace?: number;
}

/** What {@link blobStore} takes. */
export interface BlobStoreOptions<Key extends RowKeyShape<Key> = RowKey> {
  readonly bucket: string;
  /** The table of the rows. */
  readonly table: string;
  /**
   * Where in the bucket. Ends with `/`. It is this table's alone: a sweep deletes whatever lies there and no row of the
   * table refers to. Default `blobs/`, the table's name, `/`.
   */
  readonly prefix?: string;
  /** The key attributes of a row. Gives the same for the same id and scope, always. */
  readonly rowKey: (id: string, scope: string) => Key;
  /** Where the records of writes are kept. Left out with `compact` alone. */
  readonly records?: RecordOptions;
  /**
   * Whether a write first looks whether it is done. Default `true`. `false` saves a round trip where retries are rare;
   * a retry then sends its bytes before it gets its answer.
   */
  readonly probe?: boolean;
  /**
   * Whether a second attempt is turned away (409) while the first is at work, for bodies that are expensive to send
   * twice. Nothing but effort depends on it. `{ for }`: milliseconds; default 60,000. Default `false`.
   */
  readonly lease?: boolean | { readonly for?: number };
  /**
   * Whether a row carries the record of its write: one item, no transaction. For rows that are created once under an
   * id derived from the key, and never replaced or removed. Where a write came to nothing, the sweep leaves an item of
   * the row's key and an attribute `write` alone: rows are what has a `blob`. Default `false`.
   */
  readonly compact?: boolean;
  /** An `S3Client`. It is not changed. Default: one made on first use. */
  readonly s3?: BlobClient;
  /** A `DynamoDBClient`. It is not changed. Default: one made on first use. */
  readonly dynamodb?: TableClient;
  readonly limits?: BlobStoreLimits;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** A text that no other call gives: letters, digits, `-` and `_`, 64 at most. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
  readonly hooks?: BlobStoreHooks;
}

const group: OptionRule = {
  expected: 'an object',
  accepts: (value) => isObject(value) && !Array.isArray(value),
};

const client = (name: string): OptionRule => ({
  expected: `a ${name} of the AWS SDK v3`,
  accepts: (value) => isObject(value) && 'send' in value && 'middlewareStack' in value,
});

const number = (expected: string, least: number, most: number = Infinity, whole = true): OptionRule => ({
  expected,
  accepts: (value) =>
    typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)),
});

const MOST = Number.MAX_SAFE_INTEGER;
const duration = number('a number of milliseconds, 0 or more', 0, MOST, false);

const rules: OptionRules = {
  bucket: text,
  table: text,
  prefix: {
    expected: 'a text that ends with "/" and does not start with it',
    // Lists of keys are XML, which has no control characters.
    accepts: (value) =>
      typeof value === 'string' && value.isWellFormed() && /^[^/\p{Cc}]\P{Cc}*\/$/u.test(value),
  },
  rowKey: callback,
  records: group,
  probe: flag,
  lease: {
    expected: 'true, false or { for: milliseconds }',
    accepts: (value) => typeof value === 'boolean' || (isObject(value) && !Array.isArray(value)),
  },
  compact: flag,
  s3: client('S3Client'),
  dynamodb: client('DynamoDBClient'),
  limits: group,
  now: callback,
  newId: callback,
  hooks: group,
};

/**
 * A blob's key names the day it was staged on. As long as the record outlives that day, and every commit that may still
 * come of it, no key is ever referred to by two commits: one that was retired stays retired.
 */
const LEAST_TTL_SECONDS = 2 * 86_400;

/** Half of what is left of those two days. */
const LONGEST_ATTEMPT_MS = 12 * 3_600_000;

const LONGEST_GRACE_MS = 3650 * 86_400_000;

const recordRules: OptionRules = {
  table: text,
  partitionKey: text,
  sortKey: text,
  expiration: text,
  ttl: number('a number of seconds, 172,800 (two days) or more', LEAST_TTL_SECONDS, MOST, false),
};

/** Bytes of an item, less the record's other attributes. */
const MOST_RESPONSE_BYTES = 380 * 1024;
const LEAST_PART_BYTES = 5 * 1024 ** 2;
const MOST_PART_BYTES = 5 * 1024 ** 3;

const limitRules: OptionRules = {
  maxBytes: number('a whole number of bytes, 1 or more', 1),
  maxResponseBytes: number(
    `a whole number of bytes from 1 to ${MOST_RESPONSE_BYTES}`,
    1,
    MOST_RESPONSE_BYTES,
  ),
  partSize: number('a whole number of bytes from 5 MiB to 5 GiB', LEAST_PART_BYTES, MOST_PART_BYTES),
  maxAttemptAge: number('a number of milliseconds, 12 hours at most', 0, LONGEST_ATTEMPT_MS, false),
  attempts: number('a whole number, 1 or more', 1, 100),
  retryDelay: duration,
  // The list of retired blobs is in the order of dates as text, which ends with the year 9999.
  readerGrace: number('a number of milliseconds, ten years at most', 0, LONGEST_GRACE_MS, false),
};

/**
 * Refuses what cannot be meant.
 *
 * @throws TypeError naming the option
 */
export function checkStoreOptions(options: BlobStoreOptions): void {
  checkOptions('blobStore', options, rules);
  for (const [name, { accepts, expected }] of Object.entries({
    bucket: text,
    table: text,
    rowKey: callback,
  })) {
    if (!accepts(Reflect.get(options, name)))
      throw new TypeError(`blobStore: option "${name}" is missing; it must be ${expected}`);
  }
  if (options.limits !== undefined) checkOptions('blobStore: limits', options.limits, limitRules);
  if (options.hooks !== undefined) checkOptions('blobStore: hooks', options.hooks, { onEvent: callback });
  if (isObject(options.lease))
    checkOptions('blobStore: lease', options.lease, {
      for: number('a number of milliseconds, 1 or more', 1, MOST),
    });
  if (options.records !== undefined) checkRecords(options.records);
  checkTogether(options);
}

function checkRecords(records: RecordOptions): void {
  checkOptions('blobStore: records', records, recordRules);
  if (!text.accepts(records.table))
    throw new TypeError('blobStore: option "records" is missing "table"; it must be a non-empty string');
  const names = [records.partitionKey ?? 'pk', records.sortKey ?? 'sk', records.expiration ?? 'expiresAt'];
  if (new Set(names).size < names.length)
    throw new TypeError('blobStore: option "records": partitionKey, sortKey and expiration must differ');
  const taken = names.find((name) => RECORD_ATTRIBUTES.includes(name));
  if (taken !== undefined)
    throw new TypeError(
      `blobStore: option "records": partitionKey, sortKey and expiration must not be called "${taken}": records have an attribute of that name`,
    );
}

/** Options that contradict each other. */
function checkTogether({ compact, records, lease, probe }: BlobStoreOptions): void {
  if (compact === true && records !== undefined)
    throw new TypeError(
      'blobStore: options "compact" and "records" contradict each other: a compact row is its own record',
    );
  if (compact !== true && records === undefined)
    throw new TypeError(
      'blobStore: option "records" is missing; it must be { table }, or "compact" must be true',
    );
  if (compact === true && lease !== undefined && lease !== false)
    throw new TypeError(
      'blobStore: options "compact" and "lease" contradict each other: a lease needs a record of its own',
    );
  if (lease !== undefined && lease !== false && probe === false)
    throw new TypeError(
      'blobStore: options "lease" and "probe: false" contradict each other: taking the lease is the first look',
    );
}
