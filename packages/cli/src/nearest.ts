/**
 * What somebody may have meant.
 *
 * @module
 */

/**
 * The candidate that is fewest slips away: letters left out, added, swapped or wrong. None where that would be a guess.
 *
 * @param typed - what is not among the candidates
 */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const lower = candidate.toLowerCase();
    const distance = wanted.length > 2 && lower.startsWith(wanted) ? 1 : distanceOf(wanted, lower);
    if (distance <= allowed && (best === undefined || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** ` Did you mean dev?`, or nothing. */
export function didYouMean(typed: string, candidates: readonly string[], prefix = ''): string {
  const meant = nearest(typed, candidates);
  return meant === undefined ? '' : ` Did you mean ${prefix}${meant}?`;
}

/** Slips between two words, a swap of neighbours counted as one. */
function distanceOf(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        isSwap ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
