/**
 * What comes in, what goes out, what lies in the table and what travels through the queue.
 *
 * @module
 */
import * as z from 'zod';

import { placeIn } from './cursor.ts';

/** What a client says of a photo beside its bytes. */
export const NewPhoto = z.strictObject({
  name: z.string().trim().min(1).max(100).default('untitled'),
});

/** Which part of the album is asked for. */
export const Page = z.strictObject({
  limit: z.int().min(1).max(100).default(20),
  /** As the page before gave it. */
  cursor: z
    .string()
    .max(300)
    .transform((cursor, context) => {
      const place = placeIn(cursor);
      if (place !== undefined) return place;
      context.addIssue({
        code: 'custom',
        message: 'is not a cursor of this album: leave it out to start anew',
      });
      return z.NEVER;
    })
    .optional(),
});

/** A thumbnail that was made. */
export const Thumbnail = z.object({
  key: z.string(),
  /** Bytes. */
  size: z.int(),
  width: z.int(),
  height: z.int(),
});
export type Thumbnail = z.output<typeof Thumbnail>;

/** A photo as it lies in the table. The store writes `blob`, and more that nobody here needs. */
export const PhotoRow = z.object({
  id: z.string(),
  album: z.literal('all'),
  name: z.string(),
  uploadedAt: z.iso.datetime(),
  blob: z.object({
    bucket: z.string(),
    key: z.string(),
    size: z.int(),
    sha256: z.string(),
    contentType: z.string(),
  }),
  /** In pixels, as it is looked at: a camera held upright is upright here. */
  width: z.int().optional(),
  height: z.int().optional(),
  thumbnail: Thumbnail.optional(),
  /** Average of all pixels, such as `#3f76a2`. */
  colour: z.string().optional(),
});
export type PhotoRow = z.output<typeof PhotoRow>;

/** A photo as clients see it. */
export const Photo = z.object({
  ...PhotoRow.pick({ id: true, name: true, uploadedAt: true, width: true, height: true, colour: true }).shape,
  contentType: z.string(),
  /** Bytes. */
  size: z.int(),
  sha256: z.string(),
  thumbnail: Thumbnail.omit({ key: true }).optional(),
});
export type Photo = z.output<typeof Photo>;

export const PhotoPage = z.object({ photos: z.array(Photo), cursor: z.string().optional() });

/** The message that a thumbnail was made. */
export const ThumbnailMade = z.strictObject({ photoId: z.string().min(1), thumbnailKey: z.string().min(1) });

/** What a client may see of a row. */
export function photoOf({ blob, thumbnail, ...row }: PhotoRow): Photo {
  return Photo.parse({
    ...row,
    contentType: blob.contentType,
    size: blob.size,
    sha256: blob.sha256,
    ...(thumbnail !== undefined && { thumbnail }),
  });
}
