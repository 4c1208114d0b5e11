/**
 * The little statistics the tables need: all of it robust against the odd slow round.
 *
 * @module
 */

/** A middle value and how far the others lie from it. */
export interface Spread {
  readonly median: number;
  /** Median absolute deviation. */
  readonly deviation: number;
}

/**
 * @param values - at least one number
 * @returns the middle one
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new Error('the median of nothing was asked for');
  return (upper + lower) / 2;
}

/**
 * @param values - at least one number
 * @returns median and median absolute deviation
 */
export function spread(values: readonly number[]): Spread {
  const middle = median(values);
  return { median: middle, deviation: median(values.map((value) => Math.abs(value - middle))) };
}

/**
 * @param values - left as they are
 * @returns the same in random order, so that no candidate always runs after the same neighbour
 */
export function shuffled<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, rank: Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
