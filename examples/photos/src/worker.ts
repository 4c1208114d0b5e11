/**
 * Looks at each thumbnail that was made and writes its colour down: work that can wait, one message at a time.
 *
 * @module
 */
import { skipped } from 'handlersmith/sqs';

import { files } from './files.ts';
import { colourOf } from './picture.ts';
import { ThumbnailMade } from './schemas.ts';
import { photoTable } from './table.ts';
import { sqs } from './team.ts';

export const handler = sqs(
  {
    message: ThumbnailMade,
    resources: () => ({ table: photoTable(), files: files() }),
  },
  async ({ message, resources, signal, logger }) => {
    const { photoId, thumbnailKey } = message;
    const row = await resources.table.get(photoId, { signal });
    if (row === undefined) return skipped('the photo was removed');
    const bytes = await resources.files.get(thumbnailKey, { signal });
    if (bytes === undefined) throw new Error(`There is no thumbnail ${thumbnailKey}`);
    const colour = await colourOf(bytes);
    await resources.table.add(photoId, row.blob.key, { colour }, { signal });
    logger.info('colour found', { photo: photoId, colour });
    return undefined;
  },
);
