/**
 * The store: options checked, the steps behind its methods.
 *
 * @module
 */
import { beginUpload } from './begin.ts';
import { closing } from './closing.ts';
import { create } from './create.ts';
import { parseBlobKey } from './names.ts';
import { type BlobOwner, open, type OpenedBlob, type OpenOptions } from './open.ts';
import { type BlobStoreOptions, checkStoreOptions } from './options.ts';
import { remove } from './remove.ts';
import { replace } from './replace.ts';
import { retire, type RetireOptions, type RetireReport } from './retire.ts';
import { type RecordTable, type Settings, settingsOf } from './settings.ts';
import type { SweepOptions, SweepReport } from './sweep-options.ts';
import { sweep } from './sweep.ts';
import type {
  BlobReference,
  CreateInput,
  RowKeyShape,
  RemoveInput,
  ReplaceInput,
  RowKey,
  WriteResult,
} from './types.ts';
import type {
  BeginUploadInput,
  BegunUpload,
  CompleteUploadInput,
  CreatedObject,
  ObjectCreatedInput,
} from './upload-types.ts';
import { completeUpload, onObjectCreated } from './upload.ts';

/** Writes blobs and their rows as one. */
export interface BlobStore<Key extends RowKeyShape<Key> = RowKey> {
  /** Whether rows carry their record: they are then never replaced or removed. */
  readonly compact: boolean;
  /**
   * Stores a blob and creates the row that refers to it: both, or neither. A retry with the same key gets the same
   * answer, and nothing is done again.
   *
   * @throws KeyMissing, KeyReused, BlobTooLarge, RowConflict, InProgress, OutcomeUnknown
   */
  create<Row extends object, Response>(
    input: CreateInput<Key, Row, Response>,
  ): Promise<WriteResult<Response>>;
  /**
   * Stores a blob and puts it, and the attributes that `row` gives, into a row in place of what is there. The old blob
   * is deleted by {@link BlobStore.retire} when those who were reading it are done.
   *
   * @throws as create; RowMissing; RowConflict (412) when the row is not as expected
   */
  replace<Row extends object, Response>(
    input: ReplaceInput<Key, Row, Response>,
  ): Promise<WriteResult<Response>>;
  /**
   * Removes a row. Its blob is deleted by {@link BlobStore.retire}.
   *
   * @throws KeyMissing, KeyReused, RowMissing, RowConflict, InProgress, OutcomeUnknown
   */
  remove<Response>(
    input: RemoveInput<Key, Response>,
  ): Promise<WriteResult<Response, BlobReference | undefined>>;
  /**
   * Opens the blob that a row refers to.
   *
   * @throws RowMissing, BlobMissing; BlobCorrupted while it is read
   */
  open(row: BlobOwner, options?: OpenOptions): Promise<OpenedBlob>;
  /**
   * The key of the row that an object belongs to, for handlers of the bucket's events: the row may not be there yet, or
   * refer to another blob by now.
   *
   * @param objectKey - as the event has it, decoded
   * @returns `undefined` for an object that is none of the store's
   */
  rowKeyOf(objectKey: string): Key | undefined;
  /**
   * Begins an upload that the client does itself: gives it a URL, signed for these very bytes. The same key gets the
   * same place again, and a fresh URL.
   *
   * @returns where to put the bytes; or, of an upload that was completed before, the answer
   * @throws KeyMissing, KeyReused, BlobTooLarge, OutcomeUnknown
   * @throws TypeError for a size, checksum or time that makes no sense
   */
  beginUpload(input: BeginUploadInput): Promise<BegunUpload>;
  /**
   * Creates the row of an upload whose bytes are there. What S3 tells of it, by {@link BlobStore.onObjectCreated}, may
   * come before, after or at once: the row is created once, and the answer is the same.
   *
   * @throws UploadMissing 404 before the bytes are there; 410 when it was begun so long ago that its place is gone
   * @throws BlobMismatch when somebody has put other bytes there
   * @throws KeyMissing, KeyReused, RowConflict, OutcomeUnknown
   */
  completeUpload<Row extends object, Response>(
    input: CompleteUploadInput<Key, Row, Response>,
  ): Promise<WriteResult<Response>>;
  /**
   * Creates the row of an upload of which S3 tells: for clients that never say that they are done. Give it each object
   * of the prefix; what is no upload it leaves alone.
   *
   * @param object - with its key, decoded: what `run` of `s3Handler` has as `object`
   * @returns the answer; `undefined` where there is nothing to create a row for
   * @throws BlobMismatch, RowConflict, OutcomeUnknown
   */
  onObjectCreated<Row extends object, Response>(
    object: CreatedObject,
    input: ObjectCreatedInput<Key, Row, Response>,
  ): Promise<WriteResult<Response> | undefined>;
  /**
   * Deletes the blobs of rows that were replaced or removed. Run it on a schedule, once an hour say.
   *
   * @throws TypeError naming a wrong option
   */
  retire(options?: RetireOptions): Promise<RetireReport>;
  /**
   * Deletes the blobs that no row refers to: what is left of attempts that came to nothing. Run it on a schedule, once
   * a day say; `sweepHandler` of `handlersmith/store/sweep` is the handler for it.
   *
   * @returns what was found and done; with `next` when there was no time for everything
   * @throws TypeError for wrong options
   */
  sweep(options?: SweepOptions): Promise<SweepReport>;
}

/**
 * A store of blobs in S3 and their rows in DynamoDB, written as one. See the module for what it keeps to.
 *
 * The role needs
 * - on the prefix `s3:PutObject` and `s3:GetObject`; in a bucket with versions `s3:GetObjectVersion`; for streams
 *   `s3:AbortMultipartUpload`;
 * - on the bucket `s3:ListBucket`: without it S3 says 403 of what is not there, where the store waits for a 404;
 * - on both tables `dynamodb:GetItem`, `PutItem`, `UpdateItem` and `DeleteItem`; `ConditionCheckItem` where `also` has one.
 *
 * The workers need `s3:DeleteObject` and `s3:DeleteObjectVersion` too; the sweep `s3:ListBucketVersions`, the retire
 * worker `dynamodb:Query`.
 *
 * @param options - bucket, tables, and how keys are made
 * @returns the store; make one per environment
 * @throws TypeError naming a wrong option, or two that contradict each other
 * @example
 * const photos = blobStore({
 *   bucket: 'photos',
 *   table: 'photos',
 *   records: { table: 'writes' },
 *   rowKey: (id) => ({ id }),
 * });
 * export const handler = httpHandler(async ({ rawBody, headers, signal, remaining, logger }) => {
 *   const result = await photos.create({
 *     scope: 'tenant-1',
 *     idempotencyKey: headers['idempotency-key'],
 *     body: rawBody,
 *     row: (blob, { startedAt }) => ({ size: blob.size, takenAt: startedAt.toISOString() }),
 *     respond: ({ id, size }) => ({ id, size }),
 *     signal,
 *     remaining,
 *     logger,
 *   });
 *   return created(result.response, { headers: result.headers });
 * });
 */
export function blobStore<Key extends RowKeyShape<Key>>(options: BlobStoreOptions<Key>): BlobStore<Key> {
  checkStoreOptions(options);
  const settings = settingsOf(options);
  const methods = {
    compact: settings.records === undefined,
    // What the team's functions give has gone through JSON, as WriteResult says; the steps do not carry its type.
    create: async (input: CreateInput<Key, object, unknown>) =>
      closing(input.body, () => create(settings, input)),
    replace: async (input: ReplaceInput<Key, object, unknown>) =>
      closing(input.body, async () => replace(settings, recordsOf(settings, 'replace'), input)),
    remove: async (input: RemoveInput<Key, unknown>) =>
      remove(settings, recordsOf(settings, 'remove'), input),
    open: (row: BlobOwner, opening: OpenOptions = {}) => open(settings, row, opening),
    rowKeyOf: (objectKey: string) => parseBlobKey(settings.prefix, objectKey)?.rowKey,
    beginUpload: async (input: BeginUploadInput) =>
      beginUpload(settings, recordsOf(settings, 'beginUpload'), input),
    completeUpload: async (input: CompleteUploadInput<Key, object, unknown>) =>
      completeUpload(settings, recordsOf(settings, 'completeUpload'), input),
    onObjectCreated: async (object: CreatedObject, input: ObjectCreatedInput<Key, object, unknown>) =>
      onObjectCreated(settings, recordsOf(settings, 'onObjectCreated'), object, input),
    sweep: async (sweeping: SweepOptions = {}) => sweep(settings, sweeping),
    retire: async (retiring: RetireOptions = {}) => retire(settings, recordsOf(settings, 'retire'), retiring),
  };
  return methods as unknown as BlobStore<Key>;
}

function recordsOf({ records }: Settings, method: string): RecordTable {
  if (records !== undefined) return records;
  throw new TypeError(
    `blobStore: "${method}" and the option "compact" contradict each other: compact rows are created once and stay, and have no record that waits for them`,
  );
}
