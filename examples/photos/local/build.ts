/**
 * Makes `dist/`, which template.yaml deploys.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { bundle, WITH_SHARP } from './bundle.ts';

/** sharp for the machines that template.yaml asks for, not for this one. */
const FLAGS = ['--os=linux', '--cpu=arm64', '--libc=glibc', '--no-audit', '--no-fund', '--no-package-lock'];

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  dependencies: { sharp: string };
}; // our own file

rmSync(dist, { recursive: true, force: true });
await bundle(dist);
for (const name of WITH_SHARP) {
  writeFileSync(`${dist}/${name}/package.json`, JSON.stringify({ private: true, type: 'module' }));
  const { status } = spawnSync('npm', ['install', `sharp@${dependencies.sharp}`, ...FLAGS], {
    cwd: `${dist}/${name}`,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm could not install sharp into dist/${name}`);
}
