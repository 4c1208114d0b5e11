/**
 * The record of a write: the one item that says whether it is done.
 *
 * @module
 */
import { fromItem, type Item, toItem } from './item.ts';
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
  /** Milliseconds since 1970 until which a lease keeps others waiting. */
  readonly leaseUntil?: number | undefined;
}

/** The attributes of a record, without its key and its time to live. */
export function recordAttributes(record: WriteRecord): Item {
  return toItem('record', record);
}

/** Reads a record from an item, or from the map that is it in a row. */
export function recordOf(item: Item): WriteRecord {
  return fromItem(item) as unknown as WriteRecord; // written by this package alone: see recordAttributes
}
