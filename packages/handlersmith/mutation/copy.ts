/**
 * A copy of the work tree to be mutated: the work tree itself is never written to.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const workspaceRoot = join(import.meta.dirname, '../../..');

/**
 * Copies all that git knows or would take, as it stands, and the links to what is installed.
 *
 * @returns the folder of the copy, to be removed by the caller. It lies outside of any `node_modules`: what is in
 *   there, test runners take for finished code
 */
export function copyOfTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'handlersmith-mutation-'));
  try {
    for (const file of filesOfTree()) {
      const from = join(workspaceRoot, file);
      if (existsSync(from)) cpSync(from, join(root, file)); // what was deleted is known to git until it is committed
    }
    symlinkSync(join(workspaceRoot, 'node_modules'), join(root, 'node_modules'), 'junction');
    for (const links of globSync('{packages,examples}/*/node_modules', { cwd: workspaceRoot }))
      cpSync(join(workspaceRoot, links), join(root, links), { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    rmSync(root, { recursive: true });
    throw error;
  }
  return root;
}

function filesOfTree(): string[] {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: workspaceRoot, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`git could not list the files of the work tree\n${stderr}`);
  return stdout.split('\0').filter((file) => file !== '');
}
