/**
 * Installs the peers, apart from the library's own dependencies: nobody who works on the library needs them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { peersRoot } from '../paths.ts';
import { progress } from '../report/progress.ts';

/**
 * Makes sure that the pinned peers are there. Does nothing when they are, and their lockfile is no newer.
 *
 * @throws when `npm ci` fails
 */
export function installPeers(): void {
  // npm writes this file last, so a broken install does not pass for a whole one.
  const installed = changedAt('node_modules/.package-lock.json');
  if (installed >= changedAt('package-lock.json')) return;
  progress('installing the peers into bench/peers/node_modules: npm ci --ignore-scripts');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peersRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(`the peers could not be installed; try \`npm ci\` in ${peersRoot}\n${stderr}`);
  }
}

/** @returns when a file changed, in ms since the epoch; 0 where there is none */
function changedAt(file: string): number {
  return statSync(join(peersRoot, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
