/**
 * Waiting until an app has nothing to do.
 *
 * @module
 */
import type { Journal } from './journal.ts';

/** Milliseconds in which nothing happens: long enough that pollers have looked. */
const QUIET_MS = 400;

/** Resolves when nothing runs and nothing waits, and that for a moment. */
export async function untilIdle(journal: Journal, pending: () => number): Promise<void> {
  let quietSince = Date.now();
  const leave = journal.follow(() => (quietSince = Date.now()));
  try {
    while (
      Date.now() - quietSince < QUIET_MS ||
      pending() > 0 ||
      journal.entries().some(({ result }) => !result)
    ) {
      // Looking again is the point.
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  } finally {
    leave();
  }
}
