/**
 * Where a page of the album ended, as a client carries it.
 *
 * @module
 */

/** The photo that a page ended with. */
export interface Place {
  readonly uploadedAt: string;
  readonly id: string;
}

const PLACE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([\w-]{1,100})$/u;

export function cursorAfter({ uploadedAt, id }: Place): string {
  return Buffer.from(`${uploadedAt} ${id}`).toString('base64url');
}

/** The place a cursor names; undefined for what `cursorAfter` never gave. */
export function placeIn(cursor: string): Place | undefined {
  const [, uploadedAt, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (uploadedAt === undefined || id === undefined) return undefined;
  // Decoding overlooks stray characters; encoding again does not.
  return cursorAfter({ uploadedAt, id }) === cursor ? { uploadedAt, id } : undefined;
}
