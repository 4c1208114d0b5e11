/**
 * The store: a photo's bytes and its row, written as one.
 *
 * @module
 */
import { blobStore, type BlobStore } from 'handlersmith/store';

import { setting } from './settings.ts';
import { MOST_BYTES } from './team.ts';

/** Where blobs lie in the bucket, and nothing else does. */
export const BLOBS = 'blobs/';

export function album(): BlobStore<{ id: string }> {
  return blobStore({
    bucket: setting('ALBUM_BUCKET'),
    table: setting('PHOTOS_TABLE'),
    prefix: BLOBS,
    records: { table: setting('RECORDS_TABLE') },
    rowKey: (id) => ({ id }),
    limits: { maxBytes: MOST_BYTES },
  });
}
