/**
 * Brings everything into the state in which it can be measured: built, bundled and known to answer right.
 *
 * @module
 */
import { join } from 'node:path';

import type { BatchJob } from '../batches.ts';
import type { Candidate } from '../candidates.ts';
import { wrongAnswers } from '../check/answers.ts';
import { wrongBatchAnswers } from '../check/batches.ts';
import { benchRoot, outputRoot } from '../paths.ts';
import { bundle, type Bundle } from './bundle.ts';

/** Absolute paths of the bundled programs that run in processes of their own. */
export interface Children {
  readonly worker: string;
  readonly cold: string;
  readonly builtins: string;
  readonly check: string;
  readonly checkBatch: string;
  readonly profile: string;
}

/**
 * Bundles the child programs. Types are stripped beforehand because doing it in the child would load a compiler there.
 *
 * @returns where they are
 */
export async function bundleChildren(): Promise<Children> {
  const [worker, cold, builtins, check, checkBatch, profile] = await Promise.all([
    bundleChild('measure/worker'),
    bundleChild('measure/cold-child'),
    bundleChild('measure/builtins-child'),
    bundleChild('check/child'),
    bundleChild('check/batch-child'),
    bundleChild('profile-child'),
  ]);
  return { worker, cold, builtins, check, checkBatch, profile };
}

async function bundleChild(source: string): Promise<string> {
  const outfile = join(outputRoot, 'children', `${source.replaceAll('/', '-')}.mjs`);
  return (await bundle(join(benchRoot, `${source}.ts`), { outfile, minify: false })).file;
}

/**
 * Bundles candidates as they would be deployed.
 *
 * @param candidates - who
 * @returns their bundles by name
 * @throws when one does not bundle
 */
export async function bundleCandidates(candidates: readonly Candidate[]): Promise<Record<string, Bundle>> {
  const bundles = await Promise.all(
    candidates.map(
      async ({ name, source }) =>
        [name, await bundle(source, { outfile: join(outputRoot, `${name}.mjs`) })] as const,
    ),
  );
  return Object.fromEntries(bundles);
}

/**
 * Lets every candidate prove itself.
 *
 * @param candidates - who; the empty handler is excused
 * @param bundles - by name
 * @param child - absolute path of the bundled check
 * @throws when one answers wrongly, with all that is wrong
 */
export function demandRightAnswers(
  candidates: readonly Candidate[],
  bundles: Readonly<Record<string, Bundle>>,
  child: string,
): void {
  const wrong = candidates
    .filter(({ name }) => name !== 'empty')
    .map((candidate) => ({
      candidate,
      faults: wrongAnswers(candidate, bundles[candidate.name]?.file ?? '', child),
    }))
    .filter(({ faults }) => faults.length > 0);
  refuse(wrong);
}

/**
 * Lets every candidate of the batch rows prove itself.
 *
 * @param jobs - who takes part in which job
 * @param bundles - by name
 * @param child - absolute path of the bundled check
 * @throws when one answers wrongly, with all that is wrong
 */
export function demandRightBatches(
  jobs: Readonly<Record<BatchJob, readonly Candidate[]>>,
  bundles: Readonly<Record<string, Bundle>>,
  child: string,
): void {
  const proofs = (Object.entries(jobs) as [BatchJob, readonly Candidate[]][]).flatMap(([job, candidates]) =>
    candidates.map((candidate) => ({
      candidate,
      faults: wrongBatchAnswers(job, candidate, bundles[candidate.name]?.file ?? '', child),
    })),
  );
  refuse(proofs.filter(({ faults }) => faults.length > 0));
}

function refuse(
  wrong: readonly { readonly candidate: Candidate; readonly faults: readonly string[] }[],
): void {
  if (wrong.length === 0) return;
  const list = wrong.map(
    ({ candidate, faults }) => `${candidate.name}\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
  throw new Error(`wrong answers are not timed:\n${list.join('\n')}`);
}
