/**
 * Tells of changes of files.
 *
 * @module
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds of silence after a change: editors and tools write several files, or one in several goes. */
const SETTLED_MS = 50;

export interface Watcher {
  /**
   * From now on, these files and no others.
   *
   * @param anyBeside - whether any other file of their folders counts too, such as one that is missing
   */
  watch(files: readonly string[], anyBeside: boolean): void;
  close(): void;
}

/** Folders are watched, not files: editors put a new file in the place of the old one. */
export function watchFiles(onChange: () => void): Watcher {
  const folders = new Map<string, FSWatcher>();
  let names = new Set<string>();
  let any = false;
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  const changed = (folder: string, name: string | null): void => {
    if (name !== null && !any && !names.has(`${folder}\n${name}`)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLED_MS);
  };
  const drop = (folder: string): void => {
    folders.get(folder)?.close();
    folders.delete(folder);
  };
  return {
    watch(files, anyBeside) {
      if (over) return;
      any = anyBeside;
      names = new Set(files.map((file) => `${dirname(file)}\n${basename(file)}`));
      const wanted = new Set(files.map((file) => dirname(file)));
      for (const folder of folders.keys()) if (!wanted.has(folder)) drop(folder);
      for (const folder of wanted) {
        if (folders.has(folder)) continue;
        try {
          const watcher = watch(folder, (_kind, name) => changed(folder, name));
          watcher.on('error', () => drop(folder));
          folders.set(folder, watcher);
        } catch {
          // The folder is gone: there is nothing to be told of.
        }
      }
    },
    close() {
      over = true;
      clearTimeout(timer);
      for (const folder of folders.keys()) drop(folder);
    },
  };
}
