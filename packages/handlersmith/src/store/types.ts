/**
 * What writes take and give.
 *
 * @module
 */
import type { Replayable } from '../idempotency/json.ts';
import type { Logger } from '../observability/logger.ts';

/** The key attributes of a row: partition key, and sort key where the table has one. */
export type RowKey = Readonly<Record<string, string | number>>;

/** What is asked of the type of a key: an interface is as good as a type of its own. */
export type RowKeyShape<Key> = { readonly [Name in keyof Key]: string | number };

/** Where the bytes of a row are, and what they are. It is the row's attribute `blob`. */
export interface BlobReference {
  readonly bucket: string;
  /** The object's key. At most one row ever refers to it, and it is never overwritten. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
  /** CRC-32 of all bytes, in base64, for what was uploaded in parts. */
  readonly crc32?: string;
  /** In a bucket with versions, where the upload told it. */
  readonly versionId?: string;
  readonly contentType?: string;
}

/** A stream of which something is known beforehand. */
export interface BlobStream {
  readonly stream: AsyncIterable<Uint8Array>;
  /** Bytes. A stream that ends before, or goes on after, is refused. */
  readonly length?: number;
  /** SHA-256 of the bytes, in hexadecimal. A stream with another one is refused. */
  readonly sha256?: string;
}

/**
 * What is stored: bytes, or a stream of them (a Node or web stream, an async generator). A stream is read once; when an
 * attempt cannot go on without reading it again, it ends with OutcomeUnknown, and the next one brings it. What is not
 * read of it is closed, whatever comes of the write.
 */
export type BlobBody = Uint8Array | AsyncIterable<Uint8Array> | BlobStream;

/** An item of the transaction, as `TransactWriteItems` of `@aws-sdk/client-dynamodb` takes it. */
export interface TransactionItem {
  readonly Put?: object;
  readonly Update?: object;
  readonly Delete?: object;
  readonly ConditionCheck?: object;
}

/** What every write says of itself. */
export interface WriteRequest {
  /** Whose keys these are: a tenant or principal. Keys of one scope never meet those of another. */
  readonly scope: string;
  /** The same for every retry of one request, and for no other: an `Idempotency-Key` header, the id of an order. */
  readonly idempotencyKey: string | undefined;
  /** What is done, for messages and to tell uses of one key apart. Default: the method's name. */
  readonly operation?: string;
  /**
   * What else must be the same whenever the key is, beside the body: the fields of a form. Plain data: JSON, and bytes,
   * dates, big integers, maps and sets; an upload keeps them, and takes JSON alone.
   */
  readonly fields?: unknown;
  /** Ends the attempt: what `run` has as `signal`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds left, asked before each step: what `run` has as `remaining`. Default: without end. */
  readonly remaining?: (() => number) | undefined;
  /** Is told of replays, conflicts and unknown outcomes: what `run` has as `logger`. */
  readonly logger?: Pick<Logger, 'info' | 'warn'> | undefined;
}

/** What `row` is told beside the blob. */
export interface RowContext {
  /** The row's id: the caller's, or the one derived from the idempotency key. */
  readonly id: string;
  /** When this attempt began. */
  readonly startedAt: Date;
}

/** A row as it is written: what `row` gave, the key, and the blob. */
export type WrittenRow<Key extends RowKeyShape<Key>, Row extends object> = Row &
  Key & { readonly blob: BlobReference };

/** What {@link BlobStore.create} takes. */
export interface CreateInput<
  Key extends RowKeyShape<Key>,
  Row extends object,
  Response,
> extends WriteRequest {
  /**
   * The row's id, where the caller names it. Default: derived from scope and key, so that even a retry that comes
   * after the record of the write has expired meets its row.
   */
  readonly id?: string;
  readonly body: BlobBody;
  /** For whoever reads the object, and in the row. With another one it is another request. */
  readonly contentType?: string | undefined;
  /** Attributes of the row, beside its key and its blob. Gives the same each time: it may be asked more than once. */
  readonly row: (blob: BlobReference, context: RowContext) => Row;
  /** What the caller is told, now and on each retry. JSON; it is kept with the record of the write. */
  readonly respond: (row: WrittenRow<Key, Row>) => Response;
  /** Further items for the same transaction, such as an outbox entry. At most 97. */
  readonly also?: (row: WrittenRow<Key, Row>) => readonly TransactionItem[];
}

/** What a row must look like to be replaced or removed. */
export interface RowExpectation {
  /** The key of the blob that the row has now. */
  readonly blobKey?: string;
  /** Attributes with these very values, such as `{ version: 3 }`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** What {@link BlobStore.replace} takes. */
export interface ReplaceInput<Key extends RowKeyShape<Key>, Row extends object, Response> extends CreateInput<
  Key,
  Row,
  Response
> {
  readonly id: string;
  /** Refuses with 412 when the row is not so. Default: whatever it is, the last writer wins. */
  readonly expect?: RowExpectation | undefined;
}

/** What {@link BlobStore.remove} takes. */
export interface RemoveInput<Key extends RowKeyShape<Key>, Response> extends WriteRequest {
  readonly id: string;
  /** Refuses with 412 when the row is not so. */
  readonly expect?: RowExpectation | undefined;
  /** What the caller is told, from the row as it was. */
  readonly respond: (row: StoredRow<Key>) => Response;
  /** Further items for the same transaction. At most 97. */
  readonly also?: (row: StoredRow<Key>) => readonly TransactionItem[];
}

/** A row as it was read. */
export type StoredRow<Key extends RowKeyShape<Key>> = Key &
  Readonly<Record<string, unknown>> & {
    /** `undefined` in a row that got none from the store. */
    readonly blob: BlobReference | undefined;
  };

/** What became of a write. */
export interface WriteResult<Response, Blob extends BlobReference | undefined = BlobReference> {
  /** `'replayed'`: an earlier attempt had done it, and this is its answer. */
  readonly status: 'written' | 'replayed';
  /**
   * What `respond` gave, as JSON brings it back: the same bytes each time, as long as the record lives. After that it is
   * made again from the row, where there is still one.
   */
  readonly response: Replayable<Response>;
  /** The row's id. */
  readonly id: string;
  /** What was stored; with {@link BlobStore.remove} what was removed. */
  readonly blob: Blob;
  /** For the answer over HTTP: `Idempotency-Replayed: true` on a replay. */
  readonly headers: Readonly<Record<string, string>>;
}
