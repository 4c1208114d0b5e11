/**
 * Ending several things, whatever becomes of one of them.
 *
 * @module
 */

/** Ends all; rejects with the first fault after the last is ended. */
export async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  const settled = await Promise.allSettled(parts.map((part) => part.close()));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
