/**
 * Makes sure that what is measured is the library as it stands, built as it is published.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { libraryRoot } from '../paths.ts';
import { progress } from '../report/progress.ts';

/**
 * Builds the library when there is no build, or when a source is newer than it.
 *
 * @throws when the build fails
 */
export function buildLibrary(): void {
  const built = newest('dist/http.js');
  if (built > newest('src/**/*.ts')) return;
  progress(`building handlersmith: ${built === 0 ? 'there is no dist' : 'a source is newer than dist'}`);
  const { status, stdout, stderr } = spawnSync('pnpm', ['run', 'build'], {
    cwd: libraryRoot,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`handlersmith could not be built\n${stdout}${stderr}`);
}

/** @returns when the newest match changed, in ms since the epoch; 0 where nothing matches */
function newest(pattern: string): number {
  const files = globSync(pattern, { cwd: libraryRoot }).filter((file) => !/\.test(-d)?\.ts$/.test(file));
  return Math.max(0, ...files.map((file) => statSync(join(libraryRoot, file)).mtimeMs));
}
