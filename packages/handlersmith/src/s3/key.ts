/**
 * Object keys as notifications have them, and the order of events of one key.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */

const ESCAPES = /(?:%[\da-f]{2})+/gi;

/**
 * The key of an object, decoded once: `+` is a space, the rest is percent-encoded UTF-8. An escape that is malformed,
 * or no UTF-8, is kept as it is: it fails neither the record nor its neighbours.
 *
 * @param encoded - as a notification has it; keys of EventBridge events are not encoded
 */
export function decodeKey(encoded: string): string {
  const spaced = encoded.replaceAll('+', ' ');
  return spaced.includes('%') ? spaced.replaceAll(ESCAPES, decodeRun) : spaced;
}

function decodeRun(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

/**
 * Tells which of two events of the same key came first. Deliveries are unordered: whoever keeps a copy of an object
 * or its metadata keeps the sequencer beside it, and lets no older event overwrite it.
 *
 * @param one - the `sequencer` of an event, a hexadecimal number with its zeros at the right left out
 * @param other - that of another event of the same key; of another key it says nothing
 * @returns less than 0 when `one` came first, more than 0 when it came last, 0 for the same event
 * @example
 * if (compareSequencers(object.sequencer ?? '', row.sequencer) <= 0) return skipped('older than what we have');
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function compareSequencers(one: string, other: string): number {
  const [left, right] = [positionOf(one), positionOf(other)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * A sequencer as a text that a comparison by characters puts in its place: padded at the right, a number's zeros
 * change nothing, and one digit more makes it greater.
 */
export function positionOf(sequencer: string): string {
  return sequencer.toUpperCase().replace(/0+$/, '') || '0';
}
