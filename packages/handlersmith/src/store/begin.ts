/**
 * B1: an upload begins. Its record names the blob that is to come, the same each time.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import type { AnyResult } from './answer.ts';
import { replay } from './answer.ts';
import { BlobTooLarge, KeyReused } from './errors.ts';
import type { Item } from './item.ts';
import { blobKey, contentName, dayOf } from './names.ts';
import { presignPut } from './presign.ts';
import {
  expirationOf,
  readRecord,
  recordAttributes,
  recordKey,
  recordOf,
  type WriteRecord,
} from './record.ts';
import type { RecordTable, Settings } from './settings.ts';
import { errorName } from './transient.ts';
import type { BlobReference } from './types.ts';
import { fieldsText } from './upload-fields.ts';
import type { BeginUploadInput, BegunUpload } from './upload-types.ts';
import { beginWrite, concluding, MOST_ROUNDS, type Write } from './write.ts';

/** Bytes that S3 takes with one put. */
const MOST_BYTES = 5 * 1024 ** 3;

const DEFAULT_EXPIRY_SECONDS = 900;
/** The longest that S3 takes a signature for. */
const LONGEST_EXPIRY_SECONDS = 7 * 86_400;

/** What all fingerprints of uploads begin with: they are told from those of other writes without the request. */
export const UPLOAD_MARK = 'upload ';

/** What fingerprints of an operation's uploads begin with: whoever completes one names the operation, not the bytes. */
export function uploadMark(operation: string): string {
  return `${UPLOAD_MARK}${JSON.stringify(operation)} `;
}

/**
 * Announces an upload, and signs the request for it.
 *
 * @throws KeyMissing, KeyReused, BlobTooLarge, OutcomeUnknown
 * @throws TypeError for what no client can upload
 */
export async function beginUpload(
  settings: Settings,
  records: RecordTable,
  request: BeginUploadInput,
): Promise<BegunUpload> {
  const plain = beginWrite(settings, 'upload', request, request.id);
  const { attempt, id } = plain;
  const { sha256, expiresIn = DEFAULT_EXPIRY_SECONDS } = checked(attempt.operation, request, settings);
  // Now, as their fingerprint: what becomes of them meanwhile changes nothing.
  const fields = fieldsText(attempt.operation, request.fields);
  const write: Write = {
    ...plain,
    fingerprint: (checksum) => uploadMark(attempt.operation) + plain.fingerprint(checksum),
  };
  return concluding(write, async () => {
    const place = await announced(write, records, { size: request.size, sha256, fields });
    if ('result' in place) return committed(place.result);
    const signed = await presignPut(attempt, place.blob, expiresIn);
    return { status: 'upload', id, method: 'PUT', ...signed };
  });
}

function committed({ response, id, blob, headers }: AnyResult): BegunUpload {
  return { status: 'committed', response, id, blob: blob as BlobReference, headers }; // uploads have one
}

function checked(
  operation: string,
  request: BeginUploadInput,
  settings: Settings,
): { readonly sha256: string; readonly expiresIn?: number } {
  const { size, sha256, expiresIn } = request;
  const refuse = (name: string, expected: string): TypeError =>
    new TypeError(`${operation}: ${name} must be ${expected}`);
  if (!Number.isInteger(size) || size < 0) throw refuse('size', 'a whole number of bytes, 0 or more');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256))
    throw refuse('sha256', '64 hexadecimal digits');
  const most = Math.min(settings.limits.maxBytes, MOST_BYTES);
  if (size > most) throw new BlobTooLarge(operation, size, most);
  if (expiresIn === undefined) return { sha256: sha256.toLowerCase() };
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > LONGEST_EXPIRY_SECONDS)
    throw refuse('expiresIn', `a whole number of seconds from 1 to ${LONGEST_EXPIRY_SECONDS}`);
  return { sha256: sha256.toLowerCase(), expiresIn };
}

/** What is kept of an upload, beside what all writes have. */
interface Announced extends Pick<BeginUploadInput, 'size' | 'sha256'> {
  /** As JSON text. */
  readonly fields: string | undefined;
}

/** Whoever begins again gets the place of the first time; who was fenced gets one under the new generation. */
async function announced(
  write: Write,
  records: RecordTable,
  request: Announced,
): Promise<{ readonly blob: BlobReference } | { readonly result: AnyResult }> {
  const { attempt, name, rowKey } = write;
  const { sha256 } = request;
  let record = await readRecord(attempt, 'B1', name, rowKey);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // oxlint-disable-next-line no-await-in-loop -- the way out
    if (record?.state === 'C') return { result: await replay(write, record, sha256) };
    // A fence leaves what was begun in the record. Were another request to begin under the same key now, whoever began
    // before could complete it, and be told of bytes that are not its own (I6).
    if (record?.fingerprint !== undefined && record.fingerprint !== write.fingerprint(sha256))
      throw new KeyReused(attempt.operation);
    if (record?.state === 'L' && record.fingerprint !== undefined && record.blob !== undefined)
      return { blob: record.blob };
    const next = recordFor(write, request, record?.generation ?? 0);
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    const put = await putRecord(write, records, next);
    if (put === 'done') return { blob: next.blob };
    record = put;
  }
  throw attempt.unknown('B1', new Error(`the record changed ${MOST_ROUNDS} times in a row`));
}

function recordFor(
  write: Write,
  { size, sha256, fields }: Announced,
  generation: number,
): WriteRecord & { readonly blob: BlobReference } {
  const { attempt, name, id, rowKey, contentType } = write;
  const { bucket, prefix, now } = write.settings;
  const content = contentName(sha256, contentType);
  return {
    state: 'L',
    generation,
    attempt: attempt.id,
    fingerprint: write.fingerprint(sha256),
    blob: {
      bucket,
      key: blobKey(prefix, { day: dayOf(now()), write: name, generation, content, rowKey }),
      size,
      sha256,
      ...(contentType === undefined ? {} : { contentType }),
    },
    rowKey,
    id,
    fields,
  };
}

/** @returns the record that stood in the way */
async function putRecord(
  { attempt, name, rowKey }: Write,
  records: RecordTable,
  next: WriteRecord,
): Promise<'done' | WriteRecord | undefined> {
  const { client, sdk } = await attempt.settings.dynamodb();
  const { generation } = next;
  const input = {
    TableName: records.table,
    Item: {
      ...recordKey(records, name),
      [records.expiration]: { N: String(expirationOf(attempt.settings)) },
      ...recordAttributes(next),
    },
    // B1 takes the place of a fence or a lease. An upload that has begun keeps its name: whoever was told of it may be
    // sending. Above generation 0 there must be a record, as for a commit.
    ConditionExpression: `${generation === 0 ? 'attribute_not_exists(#key) OR ' : ''}(#generation = :generation AND (#state = :fenced OR (#state = :leased AND attribute_not_exists(#fingerprint))))`,
    ExpressionAttributeNames: {
      ...(generation === 0 ? { '#key': records.partitionKey } : {}),
      '#state': 'state',
      '#generation': 'generation',
      '#fingerprint': 'fingerprint',
    },
    ExpressionAttributeValues: {
      ':generation': { N: String(generation) },
      ':fenced': { S: 'F' },
      ':leased': { S: 'L' },
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  try {
    await attempt.send('B1', (options) => client.send(new sdk.PutItemCommand(input), options));
    return 'done';
  } catch (error) {
    if (errorName(error) !== 'ConditionalCheckFailedException') throw error;
    const item: unknown = Reflect.get(error as object, 'Item'); // of ReturnValuesOnConditionCheckFailure
    return isObject(item) ? recordOf(item as Item) : readRecord(attempt, 'B1', name, rowKey);
  }
}
