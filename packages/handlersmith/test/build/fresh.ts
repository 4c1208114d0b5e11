/**
 * Tests on what is published need it built, and built from the sources as they are now.
 *
 * @module
 */
import { globSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { run } from './command.ts';
import { cacheRoot, folderOf, manifestOf, type published, targetsOf, workspaceRoot } from './workspace.ts';

/** A build takes some seconds; a lock older than this was left behind by a run that was killed. */
const STALE_LOCK_MS = 180_000;

/**
 * Builds a package unless its `dist` is complete and newer than everything it is made from. Test files run side by
 * side: the first one builds, the others wait.
 *
 * @throws Error with the build's output when it fails
 */
export async function ensureBuilt(name: (typeof published)[number]): Promise<void> {
  mkdirSync(cacheRoot, { recursive: true });
  const lock = join(cacheRoot, `building-${name}`);
  while (!taken(lock)) await sleep(200); // oxlint-disable-line no-await-in-loop -- waiting is the point
  try {
    const folder = folderOf(name);
    if (isFresh(folder)) return;
    await run(process.execPath, [join(workspaceRoot, 'node_modules/tsup/dist/cli-default.js')], folder);
    const missing = builtFiles(folder).filter((file) => changedAt(file) === undefined);
    if (missing.length > 0) throw new Error(`The build of ${name} left out ${missing.join(', ')}`);
  } finally {
    rmSync(lock, { recursive: true });
  }
}

function isFresh(folder: string): boolean {
  const built = builtFiles(folder).map((file) => changedAt(file) ?? 0);
  const sources = globSync(['src/**/*.ts', 'tsup.config.ts', '../tsup.library.ts', '../../pnpm-lock.yaml'], {
    cwd: folder,
  })
    .filter((file) => !/\.(?:test|test-d|fixture)\.ts$/.test(file))
    .map((file) => changedAt(join(folder, file)) ?? 0);
  return Math.min(...built) > Math.max(...sources);
}

/** What a package's published `exports` point to. */
function builtFiles(folder: string): string[] {
  const targets = targetsOf(manifestOf(folder).publishConfig?.exports ?? {});
  return targets.filter((target) => target.startsWith('./dist/')).map((target) => join(folder, target));
}

function changedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** Making a folder is atomic everywhere: it either was there or is ours now. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const age = Date.now() - (changedAt(lock) ?? Date.now());
    if (age > STALE_LOCK_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
