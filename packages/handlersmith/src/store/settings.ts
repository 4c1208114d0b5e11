/**
 * The options of a store with their defaults filled in, as the steps use them.
 *
 * @module
 */
import { isThenable } from '../handler/thenable.ts';
import type { Logger } from '../observability/logger.ts';
import { type DynamoAccess, dynamoAccess, type S3Access, s3Access } from './clients.ts';
import type { BlobEvent } from './events.ts';
import { metricOf } from './metric.ts';
import type { BlobStoreLimits, BlobStoreOptions } from './options.ts';
import type { RowKeyShape, RowKey } from './types.ts';

/** Where records are, and how their attributes are called. */
export interface RecordTable {
  readonly table: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly expiration: string;
}

/** What the steps know of their store. */
export interface Settings {
  readonly bucket: string;
  readonly table: string;
  readonly prefix: string;
  readonly rowKey: (id: string, scope: string) => RowKey;
  /** `undefined`: rows carry their record (`compact`). */
  readonly records: RecordTable | undefined;
  /** Seconds that records are kept. */
  readonly ttl: number;
  readonly probe: boolean;
  /** Milliseconds of a lease; `undefined` for none. */
  readonly lease: number | undefined;
  readonly limits: Required<BlobStoreLimits>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Tells hooks and log. Never throws. */
  readonly emit: (event: BlobEvent, logger?: Pick<Logger, 'info' | 'warn'>) => void;
  readonly s3: () => S3Access | Promise<S3Access>;
  readonly dynamodb: () => DynamoAccess | Promise<DynamoAccess>;
}

/** A month. A record has to outlive every retry of its request: 35 days cover a queue and its dead letters. */
const DEFAULT_TTL_SECONDS = 35 * 86_400;

const DEFAULT_LEASE_MS = 60_000;

const DEFAULT_LIMITS: Required<BlobStoreLimits> = {
  maxBytes: 5 * 1024 ** 4,
  maxResponseBytes: 380 * 1024,
  partSize: 8 * 1024 ** 2,
  maxAttemptAge: 15 * 60_000,
  attempts: 3,
  retryDelay: 50,
  readerGrace: 60 * 60_000,
};

/** Fills in what options leave out. */
export function settingsOf<Key extends RowKeyShape<Key>>(options: BlobStoreOptions<Key>): Settings {
  const { records, lease = false, hooks, now = Date.now } = options;
  return {
    bucket: options.bucket,
    table: options.table,
    prefix: options.prefix ?? prefixOf(options.table),
    rowKey: options.rowKey,
    records:
      records === undefined
        ? undefined
        : {
            table: records.table,
            partitionKey: records.partitionKey ?? 'pk',
            sortKey: records.sortKey ?? 'sk',
            expiration: records.expiration ?? 'expiresAt',
          },
    ttl: records?.ttl ?? DEFAULT_TTL_SECONDS,
    probe: options.probe ?? true,
    lease: lease === false ? undefined : lease === true ? DEFAULT_LEASE_MS : (lease.for ?? DEFAULT_LEASE_MS),
    limits: { ...DEFAULT_LIMITS, ...withoutUndefined(options.limits ?? {}) },
    now,
    newId: checkedId(options.newId) ?? (() => crypto.randomUUID()),
    emit: (event, logger) => {
      quietly(() => tell(event, logger, now()));
      const threw = (error: unknown): void =>
        quietly(() =>
          logger?.warn('A hook of the blob store threw', error instanceof Error ? error : { error }),
        );
      try {
        const given: unknown = hooks?.onEvent?.(event); // an async function fits the type
        if (isThenable(given)) given.then(undefined, threw);
      } catch (error) {
        threw(error);
      }
    },
    s3: s3Access(options.s3),
    dynamodb: dynamoAccess(options.dynamodb),
  };
}

/**
 * Each table has its own place: a sweep deletes what no row of its table refers to, so that of another store must not
 * lie there.
 *
 * @param table - a name, or an ARN that ends with one
 */
function prefixOf(table: string): string {
  return `blobs/${table.slice(table.lastIndexOf('/') + 1)}/`;
}

/** Ids are parts of keys. What is no part of one, the sweep would leave alone for ever. */
function checkedId(newId: (() => string) | undefined): (() => string) | undefined {
  if (newId === undefined) return undefined;
  return () => {
    const id: unknown = newId();
    if (typeof id === 'string' && /^[\w-]{1,64}$/.test(id)) return id;
    throw new TypeError('blobStore: newId() must give letters, digits, "-" and "_", 64 of them at most');
  };
}

function withoutUndefined(limits: BlobStoreLimits): BlobStoreLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** A log that throws must not change what a write answers. */
function quietly(log: () => void): void {
  try {
    log();
  } catch {
    // There is nobody else to tell.
  }
}

const sentences: Readonly<Record<BlobEvent['type'], string>> = {
  replayed: 'A write was done before: answered with what was kept of it',
  fenced: 'The sweep was faster than this write: it stages again',
  conflict: 'A row was not as a write needs it',
  outcomeUnknown: 'The outcome of a write is not known',
  orphanSwept: 'A blob without a row was deleted',
};

function tell(event: BlobEvent, logger: Pick<Logger, 'info' | 'warn'> | undefined, now: number): void {
  if (logger === undefined) return;
  const { type, ...fields } = event;
  const level = type === 'outcomeUnknown' ? 'warn' : 'info';
  logger[level](sentences[type], { event: type, ...fields, ...metricOf(event, now) });
}
