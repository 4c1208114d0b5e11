/**
 * What a file is by its first bytes, whatever it is called.
 *
 * @module
 */

const SIGNATURES = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
} as const;

export type PictureType = keyof typeof SIGNATURES;

/** @returns undefined for what is neither JPEG nor PNG */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  const types = Object.keys(SIGNATURES) as PictureType[]; // its own keys
  return types.find((type) => SIGNATURES[type].every((byte, index) => bytes[index] === byte));
}
