/**
 * The packages as npm would get them.
 *
 * @module
 */
import { join } from 'node:path';

import { pnpm, run } from '../build/command.ts';
import { ensureBuilt } from '../build/fresh.ts';
import { folderOf, manifestOf, published } from '../build/workspace.ts';

/** One packed package. */
export interface Tarball {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Paths inside it, without the leading `package/`. */
  readonly entries: readonly string[];
}

/**
 * Builds and packs every package that is published.
 *
 * @param into - folder for the tarballs
 */
export function packAll(into: string): Promise<Tarball[]> {
  return Promise.all(
    published.map(async (folderName) => {
      await ensureBuilt(folderName);
      const folder = folderOf(folderName);
      const { name, version } = manifestOf(folder);
      const file = join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
      await pnpm(['pack', '--out', file], folder);
      const listed = await run('tar', ['-tzf', file], into);
      const entries = listed
        .trim()
        .split('\n')
        .map((path) => path.replace(/^package\//, ''));
      return { name, file, entries };
    }),
  );
}
