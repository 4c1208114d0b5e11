/**
 * Ctrl-C.
 *
 * @module
 */

/**
 * Ends what was started, then the process. The second signal ends it at once: whoever sends it means it.
 *
 * @param status - of the process then; default: the one that shells give to a process that a signal ended
 * @returns whether it is ending: what fails then is no fault
 */
export function endOnSignals(end: () => Promise<void>, status?: number): () => boolean {
  let ending = false;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      const code = status ?? 128 + number;
      if (ending) process.exit(code);
      ending = true;
      void end().finally(() => process.exit(code));
    });
  }
  return () => ending;
}
