/**
 * Rows: what the store adds to them, and reading them.
 *
 * @module
 */
import type { Attempt, Step } from './attempt.ts';
import { fromItem, toItem } from './item.ts';
import type { BlobReference, RowKey } from './types.ts';

/** What the store writes into a row, beside what `row()` gives. */
export const ATTRIBUTE = {
  /** The {@link BlobReference}. */
  blob: 'blob',
  /** The write that the row is as it is by: its name, and the fingerprint of its request. */
  writtenBy: 'writtenBy',
  /** The record of the write, in a compact store. */
  record: 'write',
} as const;

/** A row as it was read. */
export interface ReadRow extends Readonly<Record<string, unknown>> {
  readonly blob?: BlobReference;
  readonly writtenBy?: string;
}

/** What a row says of the write that made it what it is: it outlives the record of the write. */
export function signatureOf(write: string, fingerprint: string): string {
  return `${write}.${fingerprint}`;
}

/** Tells whether a row is as it is by a write of this name. */
export function isMadeBy({ writtenBy }: ReadRow, write: string): boolean {
  return typeof writtenBy === 'string' && writtenBy.startsWith(signatureOf(write, ''));
}

/** An item as a row. Whoever else writes to the table may have put anything else into it. */
export function rowOf(item: Parameters<typeof fromItem>[0]): ReadRow {
  return fromItem(item); // the two attributes are the store's own
}

/**
 * Reads a row, strongly consistent.
 *
 * @returns `undefined` when there is none
 */
export async function readRow(attempt: Attempt, step: Step, rowKey: RowKey): Promise<ReadRow | undefined> {
  const { settings } = attempt;
  const { client, sdk } = await settings.dynamodb();
  const input = { TableName: settings.table, Key: toItem('rowKey()', rowKey), ConsistentRead: true };
  const { Item: item } = await attempt.send(step, (options) =>
    client.send(new sdk.GetItemCommand(input), options),
  );
  return item === undefined ? undefined : rowOf(item);
}
