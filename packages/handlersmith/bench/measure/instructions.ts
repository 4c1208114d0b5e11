/**
 * Instructions a whole cold process takes, counted by callgrind: repeats within 0.05 %, on any load.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lambdaEnvironment } from '../job/lambda.ts';

/** @returns whether valgrind is there to count */
export const canCountInstructions = (): boolean => spawnSync('valgrind', ['--version']).status === 0;

/**
 * Counts the instructions of one process that loads a bundle and answers one event.
 *
 * @param bundle - absolute path of the candidate's bundle
 * @param child - absolute path of the bundled `measure/cold-child.ts`
 * @returns the count, node's own start included: take another candidate's off
 * @throws when the process fails
 */
export function coldInstructions(bundle: string, child: string): number {
  // valgrind's own text must not go through the process's stderr: it shifts the count.
  const log = join(tmpdir(), `bench-callgrind-${process.pid}.log`);
  const callgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--smc-check=all-non-file'];
  const repeatable = ['--single-threaded', '--predictable', '--hash-seed=1', '--random-seed=1'];
  try {
    const { status, stderr } = spawnSync(
      'valgrind',
      [`--log-file=${log}`, ...callgrind, process.execPath, ...repeatable, child, bundle, '1'],
      { env: lambdaEnvironment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
    );
    const count = /Collected : (\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (status !== 0 || count === undefined) throw new Error(`callgrind could not run ${bundle}: ${stderr}`);
    return Number(count);
  } finally {
    rmSync(log, { force: true });
  }
}
