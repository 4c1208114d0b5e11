/**
 * The record of a write: the one item that says whether it is done.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import type { Attempt, Step } from './attempt.ts';
import { fromItem, type Item, toItem } from './item.ts';
import { ATTRIBUTE, isMadeBy, readRow, type ReadRow } from './row.ts';
import type { RecordTable, Settings } from './settings.ts';
import type { BlobReference, RowKey } from './types.ts';

/**
 * - `'C'`, committed: the write is done; what it answered stands in the record. Final.
 * - `'F'`, fenced: the sweep has raised the generation; who staged under an older one must stage again.
 * - `'L'`, leased or begun: an attempt has announced itself, or an upload has begun. Holds nobody back for good.
 */
export type RecordState = 'C' | 'F' | 'L';

/** What a record says. A record that is still there always counts, whatever its time to live. */
export interface WriteRecord {
  readonly state: RecordState;
  /** Rises with each fence. A commit is conditional on it. */
  readonly generation: number;
  /** Of the request. */
  readonly fingerprint?: string | undefined;
  /** Id of the attempt that wrote the record. */
  readonly attempt?: string | undefined;
  /** What was stored or removed; of a begun upload, what is to come. */
  readonly blob?: BlobReference | undefined;
  readonly rowKey?: RowKey | undefined;
  /** The row's id. */
  readonly id?: string | undefined;
  /** What was answered, as JSON text; absent for an answer of nothing. */
  readonly response?: string | undefined;
  /** What a begun upload was begun with, as JSON text. */
  readonly fields?: string | undefined;
  /** Milliseconds since 1970 until which a lease keeps others waiting. */
  readonly leaseUntil?: number | undefined;
}

/**
 * What the store's own attributes are called: those of records, and of what else is kept with them. Where the table
 * calls its key or its time to live so, one would take the place of the other.
 */
export const RECORD_ATTRIBUTES: readonly string[] = [
  ...Object.keys({
    state: true,
    generation: true,
    fingerprint: true,
    attempt: true,
    blob: true,
    rowKey: true,
    id: true,
    response: true,
    fields: true,
    leaseUntil: true,
  } satisfies Record<keyof WriteRecord, true>),
  'startedAt',
  'next',
];

/** The attributes of a record, without its key and its time to live. */
export function recordAttributes(record: WriteRecord): Item {
  return toItem('record', record);
}

/** Reads a record from an item, or from the map that is it in a row. */
export function recordOf(item: Item): WriteRecord {
  return fromItem(item) as unknown as WriteRecord; // written by this package alone: see recordAttributes
}

/** The sort key of records. */
const RECORD = 'record';

/** The key of a record in the table of records. */
export function recordKey(records: RecordTable, write: string): Item {
  return { [records.partitionKey]: { S: `write#${write}` }, [records.sortKey]: { S: RECORD } };
}

/** When a record written now may be deleted, in the unit of DynamoDB's time to live. */
export function expirationOf(settings: Settings): number {
  return Math.floor(settings.now() / 1000 + settings.ttl);
}

/**
 * The record that a compact row carries; `undefined` for a row that this write has not made: it is in the way, and no
 * answer.
 *
 * @param row - as it was read
 */
export function recordInRow(row: ReadRow, write: string): WriteRecord | undefined {
  const record = row[ATTRIBUTE.record];
  if (!isObject(record)) return undefined;
  // A fence stands where there is no row, and was written by none.
  const isFence = row.writtenBy === undefined && Reflect.get(record, 'state') === 'F';
  if (!isFence && !isMadeBy(row, write)) return undefined;
  return { ...(record as WriteRecord), blob: row.blob }; // the store's own attribute
}

/**
 * Reads the record of a write, strongly consistent.
 *
 * @returns `undefined` when the write is not known: not done, or so long ago that its record has expired
 */
export async function readRecord(
  attempt: Attempt,
  step: Step,
  write: string,
  rowKey: RowKey,
): Promise<WriteRecord | undefined> {
  const { settings } = attempt;
  const { records } = settings;
  if (records === undefined) {
    const row = await readRow(attempt, step, rowKey);
    return row === undefined ? undefined : recordInRow(row, write);
  }
  const { client, sdk } = await settings.dynamodb();
  const input = { TableName: records.table, Key: recordKey(records, write), ConsistentRead: true };
  const { Item: item } = await attempt.send(step, (options) =>
    client.send(new sdk.GetItemCommand(input), options),
  );
  return item === undefined ? undefined : recordOf(item);
}
