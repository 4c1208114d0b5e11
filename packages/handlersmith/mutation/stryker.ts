/**
 * Stryker, run on a copy of the tree.
 *
 * @module
 * @see https://stryker-mutator.io/docs/stryker-js/configuration/
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import type { Group } from './groups.ts';

/** Where Stryker is pinned and installed. */
export const strykerRoot: string = join(import.meta.dirname, 'stryker');

const installed = join(strykerRoot, 'node_modules/@stryker-mutator');

/**
 * Mutates the files of a group, shows the mutants that no test noticed and the table of scores.
 *
 * @param root - a copy of the tree; its files are changed while it runs
 * @returns whether the group reached its score
 */
export function mutate(root: string, { files, tests, least }: Group): boolean {
  const source = 'packages/handlersmith/src';
  const vitestConfig = {
    resolve: { conditions: ['@handlersmith/source'] },
    ssr: { resolve: { conditions: ['@handlersmith/source'] } },
    test: {
      root: 'packages/handlersmith',
      include: tests.map((test) => `src/${test}`),
      setupFiles: ['mutation/properties.ts'],
      testTimeout: 30_000,
    },
  };
  writeFileSync(join(root, 'vitest.mutation.config.ts'), `export default ${JSON.stringify(vitestConfig)};`);
  const strykerConfig = {
    mutate: files.map((file) => `${source}/${file}.ts`),
    testRunner: 'vitest',
    plugins: [join(installed, 'vitest-runner/dist/src/index.js')],
    vitest: { configFile: 'vitest.mutation.config.ts', related: false },
    inPlace: true, // the copy is ours
    coverageAnalysis: 'perTest',
    ignoreStatic: true, // each would cost a run of all tests
    mutator: { excludedMutations: ['StringLiteral'] }, // most are messages, of which tests look at a word
    concurrency: Math.max(1, availableParallelism() - 1),
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
    thresholds: { high: 100, low: least, break: least },
    tempDirName: '.stryker',
    allowEmpty: false,
  };
  writeFileSync(join(root, 'stryker.config.json'), JSON.stringify(strykerConfig));
  const { status, error } = spawnSync(
    process.execPath,
    [join(installed, 'core/bin/stryker.js'), 'run', 'stryker.config.json'],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (error !== undefined) throw error;
  return status === 0;
}
