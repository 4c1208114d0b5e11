/**
 * Where things are in this repository.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository. */
export const workspaceRoot: string = join(import.meta.dirname, '../../../..');

/** What is made by tests and worth keeping: ignored by git, gone with `node_modules`. */
export const cacheRoot: string = join(workspaceRoot, 'node_modules/.cache/handlersmith');

/** The part of a package.json that these tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly exports?: Manifest['exports'] };
}

/** The packages that go to npm, by folder. */
export const published = ['handlersmith', 'testing', 'local', 'cli'] as const;

/** The folder of a package. */
export const folderOf = (name: (typeof published)[number]): string => join(workspaceRoot, 'packages', name);

/** Reads the package.json of a folder. */
export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest; // as npm and pnpm wrote or checked it
}

/** The files that `exports` points to, as they are written there (`./dist/http.js`). */
export function targetsOf(exports: Manifest['exports']): string[] {
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
}
