/**
 * Packages that are installed apart from the library's own dependencies: nobody who works on the library needs them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { progress } from '../report/progress.ts';

/**
 * Makes sure that what a folder's lockfile pins is there. Does nothing when it is, and the lockfile is no newer.
 *
 * @param folder - holds a package.json and a package-lock.json
 * @throws when `npm ci` fails
 */
export function installApart(folder: string): void {
  // npm writes this file last, so a broken install does not pass for a whole one.
  const installed = changedAt(join(folder, 'node_modules/.package-lock.json'));
  if (installed >= changedAt(join(folder, 'package-lock.json'))) return;
  progress(`installing into ${folder}: npm ci --ignore-scripts`);
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci failed; try it in ${folder}\n${stderr}`);
}

/** @returns when a file changed, in ms since the epoch; 0 where there is none */
function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
