/**
 * What uploads by the client itself take and give.
 *
 * @module
 */
import type {
  BlobReference,
  CreateInput,
  RowContext,
  RowKeyShape,
  TransactionItem,
  WriteRequest,
  WrittenRow,
} from './types.ts';

/** What {@link BlobStore.beginUpload} takes. */
export interface BeginUploadInput extends WriteRequest {
  /** The row's id, where the caller names it. Default: derived from scope and key. */
  readonly id?: string;
  /** Bytes that will come; at most 5 GiB, which is what S3 takes at once. */
  readonly size: number;
  /** SHA-256 of the bytes that will come, in hexadecimal. S3 takes no others. */
  readonly sha256: string;
  readonly contentType?: string | undefined;
  /**
   * Seconds that the URL is good for. Default 900, at most a week. It ends with the credentials that sign it, too,
   * which a function has for some hours. Keep it shorter than the grace period of the sweep.
   */
  readonly expiresIn?: number;
}

/** Where the client puts its bytes. */
export interface PresignedUpload {
  readonly status: 'upload';
  /** The row's id. */
  readonly id: string;
  readonly method: 'PUT';
  readonly url: string;
  /**
   * To be sent as they are: they are signed. So is `content-length`, which every client sends by itself. An answer of
   * 412 means that the bytes are there already, and is as good as 200.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/** The upload was completed before: nothing is to be sent. */
export interface CommittedUpload {
  readonly status: 'committed';
  /** What the client was told then. */
  readonly response: unknown;
  readonly id: string;
  readonly blob: BlobReference;
  /** For the answer over HTTP: `Idempotency-Replayed: true`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of {@link BlobStore.beginUpload}. */
export type BegunUpload = PresignedUpload | CommittedUpload;

/** What `row` is told of an upload. */
export interface UploadContext extends RowContext {
  /** The `fields` that the upload was begun with, as JSON brings them back. */
  readonly fields: unknown;
}

/** What becomes of the row: the same for the client's own call and for S3's event, whichever comes first. */
export interface UploadDrafting<Key extends RowKeyShape<Key>, Row extends object, Response> {
  /** Attributes of the row, beside its key and its blob. Gives the same each time: it may be asked more than once. */
  readonly row: (blob: BlobReference, context: UploadContext) => Row;
  /** What the client is told, now and on each retry. */
  readonly respond: CreateInput<Key, Row, Response>['respond'];
  /** Further items for the same transaction. At most 97. */
  readonly also?: (row: WrittenRow<Key, Row>) => readonly TransactionItem[];
}

/** What {@link BlobStore.completeUpload} takes: scope, key and operation are those the upload was begun with. */
export interface CompleteUploadInput<Key extends RowKeyShape<Key>, Row extends object, Response>
  extends Omit<WriteRequest, 'fields'>, UploadDrafting<Key, Row, Response> {}

/** An object of which S3 tells: what `run` of `s3Handler` has as `object`, say. */
export interface CreatedObject {
  /** The key, decoded. */
  readonly key: string;
}

/** What {@link BlobStore.onObjectCreated} takes beside the object. */
export interface ObjectCreatedInput<Key extends RowKeyShape<Key>, Row extends object, Response>
  extends
    Pick<WriteRequest, 'operation' | 'signal' | 'remaining' | 'logger'>,
    UploadDrafting<Key, Row, Response> {}
