/**
 * One process a data folder.
 *
 * @module
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Locks of this process: after a restart in a container, a stale lock may bear the very id we have now. */
const held = new Set<string>();

/**
 * Takes a file as a lock, also from a process that is gone without giving it back.
 *
 * @returns the way to give it back
 * @throws Error where a process that lives holds it, this one included
 */
export function lockFile(path: string, name: string): () => void {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    if (cause.code !== 'EEXIST')
      throw new Error(`${name}: cannot write to the data folder, ${path}: ${cause.message}`, { cause });
    const holder = Number(readFileSync(path, 'utf8'));
    if (holder === process.pid ? held.has(path) : lives(holder)) {
      throw new Error(
        `${name}: the data folder is in use by process ${holder}. If that is another program, delete ${path}.`,
        { cause },
      );
    }
    rmSync(path, { force: true });
    return lockFile(path, name);
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

function lives(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It is somebody else's, and there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
