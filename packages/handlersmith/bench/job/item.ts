/**
 * The business logic every candidate calls: the smallest that can succeed, and fail when told to.
 *
 * @module
 */

/** What a caller sends. */
export interface NewItem {
  readonly name: string;
  readonly price: number;
}

/** What a caller gets back. */
export interface Item extends NewItem {
  readonly id: string;
}

/**
 * Makes an item.
 *
 * @param input - a body that passed validation
 * @returns the stored item; the id is constant, so that answers can be compared byte by byte
 * @throws Error when the name is `boom`, which is how the checks provoke a 500
 */
export function createItem(input: NewItem): Item {
  if (input.name === 'boom') throw new Error('the database said boom');
  return { id: 'item-1', name: input.name, price: input.price };
}
