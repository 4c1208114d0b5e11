/**
 * Ending an app: what came last goes first, and a fault on the way keeps nothing else alive.
 *
 * @module
 */

/** Milliseconds that what runs has to end by itself. */
const GRACE_MS = 2_000;

export interface Ending {
  /** Has something ended before all that was added earlier. */
  readonly add: (close: () => Promise<void>) => void;
  /** Ends all. Rejects with the first fault, after the last part. */
  readonly end: () => Promise<void>;
}

export function startEnding(): Ending {
  const parts: (() => Promise<void>)[] = [];
  return {
    add: (close) => void parts.push(close),
    async end() {
      const faults: unknown[] = [];
      for (const close of parts.toReversed()) {
        // What came last depends on what came before.
        // oxlint-disable-next-line no-await-in-loop
        await close().catch((error: unknown) => faults.push(error));
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}

/**
 * Ends what asks for work, then what does it: work under way has a moment to end by itself, and is cut off then. A
 * function may have minutes, whoever pressed Ctrl-C has not.
 */
export async function endWork(
  stopAsking: () => Promise<void>,
  stopWorking: () => Promise<void>,
): Promise<void> {
  const asked = stopAsking();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((over) => (timer = setTimeout(over, GRACE_MS)));
  // How it failed is thrown below, when nothing works any more.
  await Promise.race([asked.catch(() => {}), patience]);
  clearTimeout(timer);
  await stopWorking();
  await asked;
}
