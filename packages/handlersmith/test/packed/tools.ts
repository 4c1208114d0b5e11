/**
 * Compilers and runtimes that users have and this workspace has not. They are installed once and kept: they never
 * change, and they are large.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../build/command.ts';
import { cacheRoot, workspaceRoot } from '../build/workspace.ts';

/** Absolute paths of what a consumer may use. */
export interface Tools {
  /** `tsc.js` by TypeScript version. */
  readonly compilers: Readonly<Record<'5.9.3' | '6.0.3' | '7.0.2', string>>;
  /** The `node` program by version. */
  readonly nodes: Readonly<Record<'22.23.3' | '24.21.0', string>>;
}

const dependencies = { node: '22.23.3', typescript: '5.9.3' };

/**
 * Gets the tools ready.
 *
 * @throws Error when they cannot be installed
 */
export async function installTools(): Promise<Tools> {
  const folder = join(cacheRoot, `tools-node-${dependencies.node}-typescript-${dependencies.typescript}`);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) await install(folder);
  return {
    compilers: {
      '5.9.3': join(folder, 'node_modules/typescript/bin/tsc'),
      '6.0.3': join(workspaceRoot, 'node_modules/typescript/bin/tsc'),
      '7.0.2': join(workspaceRoot, 'node_modules/@typescript/native/bin/tsc'),
    },
    nodes: {
      '22.23.3': join(folder, 'node_modules/node/bin/node'),
      '24.21.0': join(workspaceRoot, 'node_modules/node/bin/node'),
    },
  };
}

async function install(folder: string): Promise<void> {
  mkdirSync(cacheRoot, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(join(unfinished, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
