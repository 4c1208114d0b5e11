/**
 * `pnpm bench`: what handlersmith costs, against a handler by hand and against its peers, in one run.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { batchFields, idle } from './batches.ts';
import { installApart } from './build/apart.ts';
import { buildLibrary } from './build/library.ts';
import { bundleCandidates, bundleChildren, demandRightAnswers, demandRightBatches } from './build/prepare.ts';
import { candidates, isInstalled, pairs } from './candidates.ts';
import { measureEverything } from './measure/everything.ts';
import { help, readOptions, type BenchOptions } from './options.ts';
import { peersRoot } from './paths.ts';
import { profileOf } from './profile.ts';
import { progress } from './report/progress.ts';
import { report } from './report/report.ts';

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  // Wrong answers and broken candidates fail the run; slow ones never do.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(options: BenchOptions): Promise<void> {
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  if (options.runner) {
    playRequests(options);
    return;
  }
  if (options.profile !== undefined) {
    await profile(options, options.profile);
    return;
  }
  const started = performance.now();
  const { contestants, batches } = options;
  const inBatches = batches === undefined ? [] : [idle, ...Object.values(batches).flat()];
  const everybody = [...contestants, ...inBatches];
  const withOurs = contestants.some(({ role }) => role === 'ours');
  if (everybody.some(isInstalled)) installApart(peersRoot);
  if (everybody.some(({ role }) => role === 'ours')) buildLibrary();

  progress(`bundling and checking ${everybody.length} candidates`);
  const children = await bundleChildren();
  const paired = withOurs ? Object.values(pairs).flat() : [];
  const bundles = await bundleCandidates([...everybody, ...paired]);
  const routers = withOurs ? pairs.router : [];
  demandRightAnswers([...contestants, ...routers], bundles, children.check);

  if (batches) demandRightBatches(batches, bundles, children.checkBatch);

  const figures = await measureEverything({ candidates: contestants, batches, bundles, children }, options);
  const text = report(contestants, figures);
  process.stdout.write(`\n${text}`);
  if (options.markdown !== undefined) writeFileSync(options.markdown, text);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  progress(`${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** In a process of its own: the library knows nothing of the runner. */
function playRequests({ quick }: BenchOptions): void {
  const script = join(import.meta.dirname, '../../local/bench/requests.ts');
  const flags = ['--conditions=@handlersmith/source', script, ...(quick ? ['--quick'] : [])];
  execFileSync(process.execPath, flags, { stdio: 'inherit' });
}

async function profile({ scenario }: BenchOptions, name: string): Promise<void> {
  const known = [...candidates, ...Object.values(batchFields).flatMap((field) => field.candidates)];
  const candidate = known.find((one) => one.name === name);
  if (!candidate) throw new Error(`--profile takes one of ${known.map((one) => one.name).join(', ')}`);
  if (isInstalled(candidate)) installApart(peersRoot);
  if (candidate.role === 'ours') buildLibrary();
  const { profile: child } = await bundleChildren();
  process.stdout.write(await profileOf(candidate, child, scenario));
}
