/**
 * Sequencers: what tells which of two changes of a key came later.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */

/** Changes that a millisecond has room for. */
const PER_MILLISECOND = 4096n;

/**
 * Gives upper-case hexadecimal texts of 16 digits, each greater than the one before, also over restarts: they begin
 * with the time.
 */
export function sequencers(now: () => number): () => string {
  let last = 0n;
  return () => {
    const earliest = BigInt(Math.trunc(now())) * PER_MILLISECOND;
    last = earliest > last ? earliest : last + 1n;
    return last.toString(16).toUpperCase().padStart(16, '0');
  };
}
