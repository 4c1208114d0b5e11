/**
 * What follows from a change of a row: a mail for a new photo, a message for a new thumbnail, tidying up after a photo
 * that is gone.
 *
 * @module
 */
import { files } from './files.ts';
import { mail } from './mail.ts';
import { once } from './once.ts';
import { photoOf, PhotoRow } from './schemas.ts';
import { stream } from './team.ts';
import { thumbnails } from './thumbnails.ts';

export const handler = stream(
  {
    item: PhotoRow,
    idempotency: { store: once },
    resources: () => ({ mail: mail(), files: files() }),
  },
  {
    insert: ({ after, resources, signal }) => resources.mail.uploaded(photoOf(after), { signal }),
    modify: async ({ before, after, signal }) => {
      const { thumbnail } = after;
      if (thumbnail === undefined || before.thumbnail !== undefined) return;
      await thumbnails.send({ photoId: after.id, thumbnailKey: thumbnail.key }, { signal });
    },
    remove: async ({ before, resources, signal }) => {
      if (before.thumbnail !== undefined) await resources.files.remove(before.thumbnail.key, { signal });
    },
  },
);
