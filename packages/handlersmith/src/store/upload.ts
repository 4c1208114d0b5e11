/**
 * Uploads by the client itself: it asks where to (B1, in `begin.ts`), puts its bytes there (B2), and says that it has (B3). S3
 * says so too (B4). Either commits, and both get the same answer.
 *
 * @module
 */
import { type AnyResult, replay, written } from './answer.ts';
import { Attempt, type Step } from './attempt.ts';
import { UPLOAD_MARK, uploadMark } from './begin.ts';
import { commit } from './commit.ts';
import { creation } from './create.ts';
import type { Drafting } from './draft.ts';
import { BlobMismatch, KeyReused, RowConflict, UploadMissing } from './errors.ts';
import { foundRow } from './found.ts';
import { parseBlobKey } from './names.ts';
import { draftOf } from './prepare.ts';
import { readRecord, type WriteRecord } from './record.ts';
import type { RecordTable, Settings } from './settings.ts';
import { errorName, statusOf } from './transient.ts';
import type { BlobReference, RowContext, WriteRequest } from './types.ts';
import type { CreatedObject, UploadContext } from './upload-types.ts';
import { beginWrite, concluding, type Write } from './write.ts';

/** What becomes of the row, before its type is told. */
export interface UploadRequest extends Omit<Drafting, 'row'> {
  readonly row: (blob: BlobReference, context: UploadContext) => object;
}

/**
 * The client says that its bytes are there.
 *
 * @throws UploadMissing 404 when they are not; 410 when a sweep was faster
 * @throws KeyMissing, KeyReused, BlobMismatch, RowConflict, OutcomeUnknown
 */
export async function completeUpload(
  settings: Settings,
  records: RecordTable,
  request: UploadRequest & WriteRequest,
): Promise<AnyResult> {
  const plain = beginWrite(settings, 'upload', request, undefined);
  const { attempt, name, rowKey } = plain;
  const { operation } = attempt;
  return concluding(plain, async () => {
    const record = await readRecord(attempt, 'B3', name, rowKey);
    if (record?.fingerprint === undefined) throw missing(operation, record);
    if (!record.fingerprint.startsWith(uploadMark(operation))) throw new KeyReused(operation);
    if (record.state === 'F') throw missing(operation, record);
    return commitUpload(uploadedBy(plain, record), records, request, record, 'B3');
  });
}

/**
 * S3 tells of an object: an upload, or the blob of another write, or anything else in the bucket.
 *
 * @returns `undefined` when there is nothing to commit
 */
export async function onObjectCreated(
  settings: Settings,
  records: RecordTable,
  { key }: CreatedObject,
  request: UploadRequest & Pick<WriteRequest, 'operation' | 'signal' | 'remaining' | 'logger'>,
): Promise<AnyResult | undefined> {
  const blobName = parseBlobKey(settings.prefix, key);
  if (blobName === undefined) return undefined;
  const { write: name, rowKey } = blobName;
  const attempt = new Attempt(settings, request.operation ?? 'upload', request);
  // B4: what S3 tells of counts if it is what was begun. Else it came after a fence, or belongs to another write.
  const record = await readRecord(attempt, 'B4', name, rowKey);
  if (record?.state === 'F' || record?.blob?.key !== key) return undefined;
  const mark = request.operation === undefined ? UPLOAD_MARK : uploadMark(request.operation);
  if (record.fingerprint?.startsWith(mark) !== true) return undefined;
  const plain: Write = {
    attempt,
    settings,
    request,
    name,
    id: '',
    rowKey,
    contentType: undefined,
    fingerprint: () => '',
  };
  const write = uploadedBy(plain, record);
  return concluding(write, async () => {
    try {
      return await commitUpload(write, records, request, record, 'B4');
    } catch (error) {
      // Fenced just now: who uploads is told so when completing.
      if (error instanceof UploadMissing) return undefined;
      throw error;
    }
  });
}

/** The write as its record has it: whoever completes an upload need not tell what it was begun with. */
function uploadedBy(write: Write, record: WriteRecord): Write {
  return {
    ...write,
    id: record.id ?? write.id,
    rowKey: record.rowKey ?? write.rowKey,
    fingerprint: () => record.fingerprint ?? '',
  };
}

/** Begun and not fenced: not uploaded. Fenced: too late. */
function missing(operation: string, record: WriteRecord | undefined): UploadMissing {
  return new UploadMissing(operation, record?.state === 'F' ? 410 : 404);
}

/** Looks at the object, then commits under the generation that it was begun under. */
async function commitUpload(
  write: Write,
  records: RecordTable,
  request: UploadRequest,
  record: WriteRecord,
  step: Step,
): Promise<AnyResult> {
  const { attempt } = write;
  const { operation } = attempt;
  if (record.state === 'C') return replay(write, record, undefined);
  if (record.blob === undefined) throw missing(operation, record);
  const blob = await uploaded(attempt, record.blob, step);
  const drafting: Drafting = {
    ...request,
    row: (reference, context) => request.row(reference, told(context, record)),
  };
  const draft = draftOf(
    {
      write,
      request: drafting,
      generation: record.generation,
      round: 0,
      change: creation,
    },
    blob,
  );
  const outcome = await commit(attempt, records, draft);
  switch (outcome.kind) {
    case 'committed':
      return written(write, blob, draft.response);
    case 'recordRefused':
      if (outcome.record?.state === 'C') return replay(write, outcome.record, blob.sha256, blob);
      throw new UploadMissing(operation, 410);
    case 'rowRefused':
      return foundRow(write, drafting, blob, outcome);
    case 'alsoRefused':
      throw new RowConflict(operation, 412, outcome.cause);
    default:
      throw new TypeError('every kind has its case');
  }
}

function told(context: RowContext, { fields }: WriteRecord): UploadContext {
  return { ...context, fields: fields === undefined ? undefined : (JSON.parse(fields) as unknown) };
}

/**
 * Makes sure that what was put there is what was begun. The signature says so already; but who may write to the bucket
 * may put anything anywhere.
 *
 * @returns the reference, with the version that was looked at where the bucket has them
 */
async function uploaded(attempt: Attempt, blob: BlobReference, step: Step): Promise<BlobReference> {
  const { client, sdk } = await attempt.settings.s3();
  const { bucket, key, size, sha256 } = blob;
  const input = { Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' as const };
  try {
    const head = await attempt.send(step, (options) =>
      client.send(new sdk.HeadObjectCommand(input), options),
    );
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    if (head.ContentLength !== size || head.ChecksumSHA256 !== checksum) {
      throw new BlobMismatch(
        attempt.operation,
        'what was uploaded is not what was begun: another size or SHA-256. Begin again with another key.',
      );
    }
    return head.VersionId === undefined ? blob : { ...blob, versionId: head.VersionId };
  } catch (error) {
    if (errorName(error) === 'NotFound' || statusOf(error) === 404)
      throw new UploadMissing(attempt.operation, 404);
    throw error;
  }
}
