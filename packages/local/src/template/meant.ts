/**
 * What somebody may have meant by a name that is not known.
 *
 * @module
 */

/** `. Did you mean Timeout?` for a name that is a slip or two away from one that is known; nothing else. */
export function meant(typed: string, known: Iterable<string>): string {
  const wanted = typed.toLowerCase();
  const allowed = wanted.length > 4 ? 2 : 1;
  for (let slips = 0; slips <= allowed; slips += 1) {
    for (const name of known) {
      if (isNear(wanted, name.toLowerCase(), slips)) return `. Did you mean ${name}?`;
    }
  }
  return '';
}

/** Whether so many letters left out, added or wrong make one word of the other. */
function isNear(one: string, other: string, slips: number): boolean {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const [rest, otherRest] = [one.slice(same), other.slice(same)];
  if (slips === 0 || Math.abs(rest.length - otherRest.length) > slips) return rest === otherRest;
  return (
    isNear(rest.slice(1), otherRest, slips - 1) ||
    isNear(rest, otherRest.slice(1), slips - 1) ||
    isNear(rest.slice(1), otherRest.slice(1), slips - 1)
  );
}
