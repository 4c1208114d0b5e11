/**
 * Files to upload, made of pixels that are worked out: two photos, and two that are none.
 *
 * @module
 */
import sharp, { type Sharp } from 'sharp';

export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Hills behind hills in the haze, as a camera would give it: JPEG. */
export async function hills(): Promise<Picture> {
  const [width, height] = [1600, 1200];
  const bytes = await draw(width, height, (x, y) => {
    const depth = [0.35, 0.5, 0.65, 0.8].findLastIndex(
      (level, ridge) =>
        y / height >
        level + 0.06 * Math.sin((x / width) * (5 + 3 * ridge) + ridge * 2) + 0.02 * Math.sin(x / 37),
    );
    const grain = ((x * 73) ^ (y * 151)) % 9;
    return depth < 0
      ? [250 - (y / height) * 60, 190 - (y / height) * 90, 150 + (y / height) * 40]
      : [140 - depth * 36 + grain, 130 - depth * 22 + grain, 165 - depth * 30 + grain];
  })
    .jpeg({ quality: 86 })
    .toBuffer();
  return { name: 'hills.jpg', bytes: new Uint8Array(bytes) };
}

/** Rings on paper: PNG. */
export async function rings(): Promise<Picture> {
  const bytes = await draw(900, 1200, (x, y) => {
    const isRing = Math.sin(Math.hypot(x - 450, y - 500) / 14) > 0.4;
    return isRing ? [24, 110, 120] : [244, 236, 220];
  })
    .png()
    .toBuffer();
  return { name: 'rings.png', bytes: new Uint8Array(bytes) };
}

/** A photo whose transfer broke off half-way: it begins as one, so that nobody notices before it is decoded. */
export function halfOf({ name, bytes }: Picture): Picture {
  return { name: `half-of-${name}`, bytes: bytes.slice(0, bytes.length / 2) };
}

/** A text that calls itself a photo. */
export function noPicture(): Picture {
  return { name: 'holiday.jpg', bytes: new TextEncoder().encode('I am a text. My name says otherwise.\n') };
}

function draw(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [number, number, number],
): Sharp {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set(colourAt(x, y), (y * width + x) * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
