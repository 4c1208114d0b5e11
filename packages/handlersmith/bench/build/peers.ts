/**
 * Installs the peers, apart from the library's own dependencies: nobody who works on the library needs them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { peersRoot } from '../paths.ts';
import { progress } from '../report/progress.ts';

/**
 * Makes sure that the pinned peers are there. Does nothing when they are.
 *
 * @throws when `npm ci` fails
 */
export function installPeers(): void {
  // npm writes this file last, so a broken install does not pass for a whole one.
  if (existsSync(join(peersRoot, 'node_modules', '.package-lock.json'))) return;
  progress('installing the peers into bench/peers/node_modules (once): npm ci --ignore-scripts');
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
