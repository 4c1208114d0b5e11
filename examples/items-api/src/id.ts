/**
 * Ids of items: `itm_`, the millisecond of creation, 128 random bits.
 *
 * The time in front makes them sort as they were made, which is what the list is read by. The rest makes them
 * impossible to guess.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';

const ITEM_ID = /^itm_[0-9a-f]{44}$/u;

/** @param now - milliseconds since 1970 */
export function newItemId(now: number): string {
  return `itm_${now.toString(16).padStart(12, '0')}${randomBytes(16).toString('hex')}`;
}

export function isItemId(text: string): boolean {
  return ITEM_ID.test(text);
}
