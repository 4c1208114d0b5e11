/**
 * W5, how a write ends well: with its own answer, or with that of an earlier attempt.
 *
 * @module
 */
import { readJson } from '../idempotency/json.ts';
import { KeyReused } from './errors.ts';
import type { WriteRecord } from './record.ts';
import type { BlobReference, WriteResult } from './types.ts';
import type { Write } from './write.ts';

/** A result before the types of its response and of its blob are told. */
export type AnyResult = WriteResult<unknown, BlobReference | undefined>;

const REPLAYED: Readonly<Record<string, string>> = Object.freeze({ 'idempotency-replayed': 'true' });
const NOTHING: Readonly<Record<string, string>> = Object.freeze({});

/** The answer of an attempt that has done its write. */
export function written(
  { id }: Write,
  blob: BlobReference | undefined,
  response: string | undefined,
): AnyResult {
  // Read back from what is kept: whoever comes first gets what all later ones get.
  return { status: 'written', response: readJson(response), id, blob, headers: NOTHING };
}

/**
 * The answer of a write that is done: by another attempt, or by this one whose answer was lost.
 *
 * @param sha256 - of this request's body
 * @param mine - what this attempt has staged
 * @throws KeyReused when the write was another request's
 */
export async function replay(
  write: Write,
  record: WriteRecord,
  sha256: string | undefined,
  mine?: BlobReference,
): Promise<AnyResult> {
  if (mine !== undefined && mine.key !== record.blob?.key) await deleteSuperseded(write, mine);
  if (record.fingerprint !== write.fingerprint(sha256)) throw new KeyReused(write.attempt.operation);
  if (record.attempt === write.attempt.id) return written(write, record.blob, record.response);
  return replayed(write, record.blob, record.response);
}

/** The answer of an earlier attempt. */
export function replayed(
  { id, settings, request, attempt: { operation } }: Write,
  blob: BlobReference | undefined,
  response: string | undefined,
): AnyResult {
  settings.emit({ type: 'replayed', operation, id }, request.logger);
  return { status: 'replayed', response: readJson(response), id, blob, headers: REPLAYED };
}

/**
 * W4: deletes what came second. Only once the write is committed with another blob: then, and only then, no commit can
 * refer to this one any more, not even one of an earlier try that is still on its way. When that is not known, or
 * the row was refused, the blob stays for the sweep. If it cannot be deleted, too.
 */
async function deleteSuperseded({ attempt, settings }: Write, mine: BlobReference): Promise<void> {
  const { client, sdk } = await settings.s3();
  const input = {
    Bucket: mine.bucket,
    Key: mine.key,
    ...(mine.versionId === undefined ? {} : { VersionId: mine.versionId }),
  };
  await attempt.try('W4', (options) => client.send(new sdk.DeleteObjectCommand(input), options));
}
