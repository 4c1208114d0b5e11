/**
 * The list of retired blobs: those that a row had before it was replaced or removed.
 *
 * @module
 */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';

import { type Item, toItem } from './item.ts';
import { digest } from './names.ts';
import type { RecordTable, Settings } from './settings.ts';
import type { Draft } from './transaction.ts';
import type { BlobReference } from './types.ts';

/** Lists there are, one for each first digit of a write's name: no single partition takes all replacements. */
export const RETIRED_LISTS: readonly string[] = Array.from('0123456789abcdef');

/** A digit and the entries' time: what is due is one query, however long nobody looked. */
export function retiredPartition(list: string): string {
  return `retire#${list}`;
}

/** What is due at a time sorts before this. */
export function dueBefore(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/**
 * The entry that goes with a change of a row. In the same transaction: neither a blob in use that is on the list, nor
 * one out of use that is not (I4). It is deleted when those who were reading it are done.
 */
export function retirement(
  settings: Settings,
  records: RecordTable,
  { write, change, blob: next }: Draft,
): TransactWriteItem[] {
  if (change.kind === 'create' || change.previous.blob === undefined) return [];
  const { blob } = change.previous;
  // This very write has done it before, on the same day, and its record is gone: the row keeps the blob (I1).
  if (change.kind === 'replace' && blob.key === next?.key) return [];
  return [
    {
      Put: {
        TableName: records.table,
        Item: {
          [records.partitionKey]: { S: retiredPartition(write.slice(0, 1)) },
          // Of the key a digest: with the time before it, the longest that S3 has does not fit into a sort key.
          [records.sortKey]: {
            S: `${dueBefore(settings.now() + settings.limits.readerGrace)}#${digest(blob.key)}`,
          },
          ...toItem('retired', { blob }),
        },
      },
    },
  ];
}

/** The blob of an entry. */
export function retiredBlob(item: Item): BlobReference | undefined {
  const bucket = item['blob']?.M?.['bucket']?.S;
  const key = item['blob']?.M?.['key']?.S;
  if (bucket === undefined || key === undefined) return undefined;
  const versionId = item['blob']?.M?.['versionId']?.S;
  return {
    bucket,
    key,
    size: Number(item['blob']?.M?.['size']?.N ?? 0),
    sha256: item['blob']?.M?.['sha256']?.S ?? '',
    ...(versionId === undefined ? {} : { versionId }),
  };
}
