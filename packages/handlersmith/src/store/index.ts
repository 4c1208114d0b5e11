/**
 * A blob in S3 and a row in DynamoDB, written as one: `handlersmith/store`.
 *
 * A write stages the blob under a key of its own, commits record and row in one transaction, and leaves what came to
 * nothing to a sweep. There is no lock, and one assumption about time: that the record of a write (`records.ttl`) outlives
 * its retries. At every moment, whatever fails, freezes, comes late or comes twice:
 *
 * - **I1** A row refers to a blob that is there, with the very bytes the row tells of.
 * - **I2** A key takes effect once, however many attempts there are.
 * - **I3** Every answer of success to one key is the same.
 * - **I4** After a sweep no blob is left that no row refers to, and none is gone that a row refers to.
 * - **I5** What was acknowledged is in the table, until it is replaced or removed.
 * - **I6** Another request under a key that was used is refused, and changes nothing.
 *
 * And a retry converges: left in peace, it ends with the answer of the write, or does the write.
 *
 * @module
 */
export type { Step } from './attempt.ts';
export type { BlobClient, TableClient } from './clients.ts';
export {
  BlobCorrupted,
  BlobMismatch,
  BlobMissing,
  BlobTooLarge,
  InProgress,
  KeyMissing,
  KeyReused,
  OutcomeUnknown,
  RowConflict,
  RowMissing,
  UploadMissing,
} from './errors.ts';
export type { BlobEvent, BlobStoreHooks } from './events.ts';
export type { BlobOwner, OpenedBlob, OpenOptions } from './open.ts';
export type { BlobStoreLimits, BlobStoreOptions, RecordOptions } from './options.ts';
export type { RetireOptions, RetireReport } from './retire.ts';
export { type BlobStore, blobStore } from './store.ts';
export type { SweepOptions, SweepReport } from './sweep-options.ts';
export type {
  BeginUploadInput,
  BegunUpload,
  CommittedUpload,
  CompleteUploadInput,
  CreatedObject,
  ObjectCreatedInput,
  PresignedUpload,
  UploadContext,
  UploadDrafting,
} from './upload-types.ts';
export type {
  BlobBody,
  BlobReference,
  BlobStream,
  CreateInput,
  RemoveInput,
  ReplaceInput,
  RowContext,
  RowExpectation,
  RowKey,
  RowKeyShape,
  StoredRow,
  TransactionItem,
  WriteRequest,
  WriteResult,
  WrittenRow,
} from './types.ts';
