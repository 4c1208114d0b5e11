/**
 * Where a page of the list ended, as a client carries it.
 *
 * It holds an item's id and nothing else: the partition is ours to say, so a forged cursor moves its owner about in
 * the same list, where all may look anyway.
 *
 * @module
 */
import { isItemId } from './id.ts';

/** The cursor of the page that comes after an item. */
export function cursorAfter(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The item a cursor names; undefined for what `cursorAfter` never gave. */
export function itemIdIn(cursor: string): string | undefined {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  // Decoding overlooks stray characters; encoding again does not.
  return isItemId(id) && cursorAfter(id) === cursor ? id : undefined;
}
