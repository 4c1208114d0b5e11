/**
 * Numbers that a seed determines.
 *
 * @module
 */

/** A generator: equal seeds give equal numbers. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number, at least 0, less than `limit`. */
  below(limit: number): number;
  /** One of a list. */
  one<Each>(list: readonly Each[]): Each;
  /** Letters and digits. */
  id(): string;
}

/** Mulberry32: short, and good enough to choose by. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    one: (list) => {
      const each = list[below(list.length)];
      if (each === undefined) throw new TypeError('one() needs a list that is not empty');
      return each;
    },
    id: () => Array.from({ length: 4 }, () => below(65_536).toString(16).padStart(4, '0')).join(''),
  };
}
