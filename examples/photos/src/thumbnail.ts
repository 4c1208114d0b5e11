/**
 * A thumbnail of each photo that comes into the bucket.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';

import { skipped } from 'handlersmith/s3';

import { album, BLOBS } from './album.ts';
import { files, THUMBNAILS } from './files.ts';
import { shrink } from './picture.ts';
import type { PhotoRow } from './schemas.ts';
import { type PhotoTable, photoTable } from './table.ts';
import { MOST_BYTES, s3 } from './team.ts';

export const handler = s3(
  {
    on: 'created',
    prefix: BLOBS,
    outputPrefix: THUMBNAILS,
    maxBytes: MOST_BYTES,
    resources: () => ({ album: album(), table: photoTable(), files: files() }),
  },
  async ({ object, resources, signal, logger }) => {
    const { table } = resources;
    const id = resources.album.rowKeyOf(object.key)?.id;
    if (id === undefined) return skipped('no blob of the album');
    const small = await shrink(await object.bytes({ signal }));

    const row = await committed(table, id, signal);
    if (row.blob.key !== object.key) return skipped('the photo is another one by now');
    const key = `${THUMBNAILS}${id}.webp`;
    await resources.files.put(key, small.bytes, 'image/webp', { signal });
    const thumbnail = { key, size: small.bytes.length, width: small.width, height: small.height };
    const isThere = await table.add(id, object.key, { thumbnail, ...small.original }, { signal });
    // Removed in the meantime, and nobody else knows of the thumbnail.
    if (!isThere) await resources.files.remove(key, { signal });
    logger.info('thumbnail made', { photo: id, from: object.size, to: small.bytes.length });
    return undefined;
  },
);

/** Looks, and milliseconds from one to the next. */
const LOOKS = 10;
const PAUSE_MS = 50;

/**
 * S3 tells of a blob when it is staged. Its row comes a moment later, or never: then the sweep takes the blob.
 *
 * @throws Error when there is no row yet: Lambda tries again in a minute, and in two
 */
async function committed(table: PhotoTable, id: string, signal: AbortSignal): Promise<PhotoRow> {
  for (let look = 1; look <= LOOKS; look++) {
    // oxlint-disable-next-line no-await-in-loop -- looking again is the point
    const row = await table.get(id, { signal });
    if (row !== undefined) return row;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(PAUSE_MS, undefined, { signal });
  }
  throw new Error(`There is no row of photo ${id} yet`);
}
