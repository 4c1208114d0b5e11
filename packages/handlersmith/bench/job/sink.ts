/**
 * Takes what a candidate writes, in place of the pipe to Lambda, so that a log line costs its making and not its transport.
 *
 * @module
 */

/** How much a candidate wrote. */
export interface Sink {
  /** Lines so far. */
  lines: number;
}

/**
 * Catches writes to stdout and stderr, by stream and by descriptor. Call it before the candidate is loaded.
 *
 * @returns the count, kept up to date
 */
export function catchOutput(): Sink {
  const sink: Sink = { lines: 0 };
  const write = (): true => {
    sink.lines++;
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;

  const fs = process.getBuiltinModule('node:fs');
  const { writeSync } = fs;
  const writeSyncUnlessOutput = (...parameters: Parameters<typeof writeSync>): number => {
    if (parameters[0] !== 1 && parameters[0] !== 2) return writeSync(...parameters);
    sink.lines++;
    return parameters[1].length;
  };
  // One implementation for all overloads.
  fs.writeSync = writeSyncUnlessOutput as typeof writeSync;
  process.getBuiltinModule('node:module').syncBuiltinESMExports();
  return sink;
}
