/**
 * Pixels.
 *
 * @module
 */
import sharp from 'sharp';

/** Longest side of a thumbnail, in pixels. */
const THUMBNAIL_SIDE = 320;

/** Pixels a picture may have: a small file can hold a very large one. */
const MOST_PIXELS = 60_000_000;

export interface Shrunk {
  /** WebP. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Of the picture itself. */
  readonly original: { readonly width: number; readonly height: number };
}

/** @throws Error for what is no picture, or only the beginning of one */
export async function shrink(picture: Uint8Array): Promise<Shrunk> {
  const image = sharp(picture, { limitInputPixels: MOST_PIXELS, failOn: 'truncated' });
  const { autoOrient: original } = await image.metadata();
  const { data, info } = await image
    .autoOrient()
    .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, original };
}

/** The average of all pixels, such as `#3f76a2`. */
export async function colourOf(picture: Uint8Array): Promise<string> {
  const pixel = await sharp(picture)
    .removeAlpha()
    .resize(1, 1, { fit: 'fill' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return `#${pixel.subarray(0, 3).toString('hex')}`;
}
