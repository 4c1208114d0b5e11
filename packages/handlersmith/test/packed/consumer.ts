/**
 * Somebody else's project that has installed the packages.
 *
 * @module
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../build/command.ts';
import { folderOf, manifestOf } from '../build/workspace.ts';
import { packAll, type Tarball } from './tarball.ts';

/** A project with the packed packages in it. */
export interface Consumer {
  /** Absolute path. */
  readonly root: string;
  readonly tarballs: readonly Tarball[];
}

/**
 * Packs the packages and installs them the way a user does, by npm, into a folder outside of this repository.
 *
 * @param root - an empty folder
 */
export async function installConsumer(root: string): Promise<Consumer> {
  mkdirSync(join(root, 'tarballs'));
  const tarballs = await packAll(join(root, 'tarballs'));
  // Beside ours: the schema library of the first handler, and the optional peers, so that every entry loads.
  const peers = Object.keys(manifestOf(folderOf('handlersmith')).peerDependencies ?? {});
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`])),
      ...Object.fromEntries(['zod', ...peers].map((name) => [name, installedVersion(name)])),
      '@types/node': installedVersion('@types/node'),
    },
  };
  // Siblings of Powertools ask for one exact version of this one, not all of them for the same.
  const jmespath = '@aws-lambda-powertools/jmespath';
  const overrides = { [jmespath]: installedVersion('@aws-lambda-powertools/idempotency') };
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, overrides }, undefined, 2));
  cpSync(join(import.meta.dirname, '../consumer'), root, { recursive: true });
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], root);
  return { root, tarballs };
}

/**
 * Code of a README, as a reader would copy it.
 *
 * @param readme - absolute path
 * @param mark - what only the block that is meant contains
 * @throws Error when no TypeScript block does
 */
export function codeIn(readme: string, mark: string): string {
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```ts[^\n]*\n(.*?)^```$/gms);
  for (const [, code] of blocks) if (code?.includes(mark)) return code;
  throw new Error(`${readme} shows no code with ${mark}`);
}

function installedVersion(name: string): string {
  const root = name === '@types/node' ? '../..' : '.';
  return manifestOf(join(folderOf('handlersmith'), root, 'node_modules', name)).version;
}
