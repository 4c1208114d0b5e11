/**
 * Where the time of one candidate goes, function by function: `pnpm bench --profile ours-zod`.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { join } from 'node:path';

import { bundle } from './build/bundle.ts';
import type { Candidate } from './candidates.ts';
import { recordsIn } from './job/batches.ts';
import { lambdaEnvironment } from './job/lambda.ts';
import { outputRoot } from './paths.ts';
import type { ProfileReport } from './profile-child.ts';
import { table } from './report/table.ts';

const SHOWN = 45;

/** How many invocations are profiled: a batch of many records needs fewer. */
const invocationsOf = (scenario: string): number =>
  Math.ceil(Math.min(200_000, 10_000_000 / recordsIn(scenario)));

/**
 * Profiles a candidate, function names kept.
 *
 * @param candidate - who
 * @param child - absolute path of the bundled `profile-child.ts`
 * @param scenario - the event it answers
 * @returns a table of self times; the whole profile is written beside the bundle, for a browser's developer tools
 * @throws when the candidate fails
 */
export async function profileOf(candidate: Candidate, child: string, scenario: string): Promise<string> {
  const { file } = await bundle(candidate.source, {
    outfile: join(outputRoot, 'profiles', `${candidate.name}.mjs`),
    minify: false,
  });
  const { status, stderr, output } = spawnSync(
    process.execPath,
    [child, file, scenario, String(invocationsOf(scenario))],
    {
      env: lambdaEnvironment,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      maxBuffer: 512 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error(`${candidate.name} failed under the profiler: ${stderr}`);
  // The child wrote it; a broken child shows as a parse error here.
  const { profile, cpuMicros } = JSON.parse(output[3] ?? '') as ProfileReport;
  const saved = join(outputRoot, 'profiles', `${candidate.name}-${scenario}.cpuprofile`);
  writeFileSync(saved, JSON.stringify(profile));

  const rows = selfTimes(profile)
    .slice(0, SHOWN)
    .map(({ where, share }) => [where, `${(share * 100).toFixed(1)} %`, (share * cpuMicros).toFixed(2)]);
  const heading = `${candidate.title}, ${scenario}: ${cpuMicros.toFixed(2)} µs CPU per invocation, harness included`;
  return `${heading}\n\n${table(['function', 'self', 'µs'], rows)}\n\n${saved}\n`;
}

function selfTimes({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): { where: string; share: number }[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const where = names.get(id) ?? '(unknown)';
    const micros = timeDeltas[index] ?? 0;
    if (where === '(idle)') continue;
    times.set(where, (times.get(where) ?? 0) + micros);
    total += micros;
  }
  return [...times]
    .map(([where, micros]) => ({ where, share: micros / total }))
    .toSorted((a, b) => b.share - a.share);
}

function nameOf({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  const file = url.split('/').at(-1) ?? '';
  return file ? `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}` : functionName || '(anonymous)';
}
