/**
 * What a service has acknowledged, on disk.
 *
 * @module
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { lockFile } from './lock.ts';

/** Bytes a file may have before it is worth writing it anew. */
const SMALL = 16 * 1024 * 1024;

/** How much a file may grow before it is written anew. */
const GROWTH = 4;

/** Changes in one line when a file is written anew: long lines are quick, too long ones take memory. */
const CHANGES_A_LINE = 100;

export interface Ledger<Change> {
  /**
   * Keeps changes that belong together: all of them are there after a crash, or none.
   *
   * @throws Error where they cannot be written; none of them is kept then
   */
  append(changes: readonly Change[]): void;
  close(): void;
}

export interface LedgerOptions<Change> {
  /** Folder to keep the file in; undefined keeps nothing. */
  readonly folder: string | undefined;
  /** Name of the file, without its ending. */
  readonly name: string;
  /** Told of each change that was kept by an earlier run, in order. */
  readonly replay: (change: Change) => void;
  /** All there is, as the changes that lead to it. Read when the file has grown far beyond that. */
  readonly snapshot: () => Iterable<Change>;
}

/**
 * Opens a list of changes that grows at its end, and replays what is in it.
 *
 * What was appended is with the operating system: it outlives this process, however that ends. A loss of power may
 * take the last second's.
 *
 * @throws Error where the folder is used by another process, cannot be written, or the file is damaged
 */
export function openLedger<Change>(options: LedgerOptions<Change>): Ledger<Change> {
  if (options.folder === undefined) return { append() {}, close() {} };
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${options.name}.log`);
  const unlock = lockFile(join(folder, `${options.name}.lock`), options.name);
  try {
    return openFile(path, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function openFile<Change>(
  path: string,
  { replay, snapshot }: LedgerOptions<Change>,
  unlock: () => void,
): Ledger<Change> {
  let file = openSync(path, 'a+');
  let size = readLines(path, (changes) => {
    // We wrote them.
    for (const change of changes as Change[]) replay(change);
  });
  // A line without an end was never acknowledged.
  ftruncateSync(file, size);
  let rewriteAt = Math.max(SMALL, size * GROWTH);

  const rewrite = (): void => {
    const fresh = `${path}.new`;
    const next = openSync(fresh, 'w');
    let written = 0;
    for (const changes of inLines(snapshot())) written += writeLine(next, changes);
    renameSync(fresh, path);
    closeSync(file);
    file = next;
    size = written;
    rewriteAt = Math.max(SMALL, size * GROWTH);
  };
  const rewriteIfGrown = (): void => {
    if (size < rewriteAt) return;
    try {
      rewrite();
    } catch {
      // A full disk: the old file is whole and goes on; the next try is worth its time when it has grown again.
      rewriteAt = size * 2;
    }
  };
  rewriteIfGrown();

  return {
    append(changes) {
      if (changes.length === 0) return;
      rewriteIfGrown();
      try {
        size += writeLine(file, changes);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
    },
    close() {
      closeSync(file);
      unlock();
    },
  };
}

/** Gives the length of all whole lines. */
function readLines(path: string, take: (line: unknown) => void): number {
  const bytes = readFileSync(path);
  let start = 0;
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
    take(parseLine(path, start, bytes.toString('utf8', start, end)));
    start = end + 1;
  }
  return start;
}

function parseLine(path: string, start: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(
      `${path} is damaged at byte ${start}. Mend the line there, or delete the file to start anew.`,
      {
        cause,
      },
    );
  }
}

function writeLine(file: number, changes: readonly unknown[]): number {
  const line = Buffer.from(`${JSON.stringify(changes)}\n`);
  for (let written = 0; written < line.length;) written += writeSync(file, line, written);
  return line.length;
}

function* inLines<Change>(changes: Iterable<Change>): Generator<Change[]> {
  let line: Change[] = [];
  for (const change of changes) {
    line.push(change);
    if (line.length < CHANGES_A_LINE) continue;
    yield line;
    line = [];
  }
  if (line.length > 0) yield line;
}
