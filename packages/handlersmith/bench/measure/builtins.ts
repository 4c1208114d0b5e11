/**
 * The built-ins a bundle loads: exact and repeatable, and what dominates a cold start.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';

import { lambdaEnvironment } from '../job/lambda.ts';
import type { BuiltinsReport } from './builtins-child.ts';

/**
 * Loads a bundle in a fresh process and lets it answer one event.
 *
 * @param bundle - absolute path of the candidate's bundle
 * @param child - absolute path of the bundled `measure/builtins-child.ts`
 * @returns what import and first event loaded
 * @throws when the bundle cannot be loaded
 */
export function builtinsLoaded(bundle: string, child: string): BuiltinsReport {
  const { status, stderr, output } = spawnSync(process.execPath, [child, bundle], {
    env: lambdaEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${bundle} could not be loaded: ${stderr}`);
  // The child wrote it; a broken child shows as a parse error here.
  return JSON.parse(output[3] ?? '') as BuiltinsReport;
}
