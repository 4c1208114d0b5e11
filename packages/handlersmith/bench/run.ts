/**
 * `pnpm bench`: what handlersmith costs, against a handler by hand and against its peers, in one run.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';

import { buildLibrary } from './build/library.ts';
import { installPeers } from './build/peers.ts';
import { bundleCandidates, bundleChildren, demandRightAnswers } from './build/prepare.ts';
import { pairs } from './candidates.ts';
import { measureEverything } from './measure/everything.ts';
import { help, readOptions, type BenchOptions } from './options.ts';
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
  if (options.profile !== undefined) {
    await profile(options, options.profile);
    return;
  }
  const started = performance.now();
  const { contestants } = options;
  const withOurs = contestants.some(({ role }) => role === 'ours');
  if (contestants.some(({ role }) => role === 'peer')) installPeers();
  if (withOurs) buildLibrary();

  progress(`bundling and checking ${contestants.length} candidates`);
  const children = await bundleChildren();
  const paired = withOurs ? Object.values(pairs).flat() : [];
  const bundles = await bundleCandidates([...contestants, ...paired]);
  const routers = withOurs ? pairs.router : [];
  demandRightAnswers([...contestants, ...routers], bundles, children.check);

  const figures = await measureEverything({ candidates: contestants, bundles, children }, options);
  const text = report(contestants, figures);
  process.stdout.write(`\n${text}`);
  if (options.markdown !== undefined) writeFileSync(options.markdown, text);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  progress(`${((performance.now() - started) / 1000).toFixed(0)} s`);
}

async function profile({ contestants, scenario }: BenchOptions, name: string): Promise<void> {
  const candidate = contestants.find((one) => one.name === name);
  if (!candidate) throw new Error(`--profile takes one of ${contestants.map((one) => one.name).join(', ')}`);
  if (candidate.role === 'peer') installPeers();
  if (candidate.role === 'ours') buildLibrary();
  const { profile: child } = await bundleChildren();
  process.stdout.write(await profileOf(candidate, child, scenario));
}
