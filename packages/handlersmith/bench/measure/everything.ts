/**
 * All measurements of one run, in order of what they cost.
 *
 * @module
 */
import { cpus } from 'node:os';

import type { BatchJob } from '../batches.ts';
import type { Bundle } from '../build/bundle.ts';
import type { Children } from '../build/prepare.ts';
import { baseOf, pairs, type Candidate } from '../candidates.ts';
import type { Scenario } from '../job/events.ts';
import { progress } from '../report/progress.ts';
import { measureBatches } from './batches.ts';
import { builtinsLoaded } from './builtins.ts';
import { measureCold } from './cold.ts';
import type { Figures, WarmScenario } from './figures.ts';
import { heapBytes } from './heap.ts';
import { canCountInstructions, coldInstructions } from './instructions.ts';
import { measureWarm, type Contestant, type Warm, type WarmSettings } from './warm.ts';

/** Invocations until a function counts as warm; many never see more. */
export const EARLY_INVOCATIONS = 300;

/** How many rounds of what, and how long a warm-up. */
interface Effort {
  readonly cold: number;
  readonly warm: Readonly<Record<WarmScenario, number>>;
  readonly pair: number;
  readonly warmUpInvocations: number;
  readonly warmUpMs: number;
}

const full: Effort = {
  cold: 25,
  warm: { valid: 100, invalid: 60, malformed: 40 },
  pair: 80,
  warmUpInvocations: 100_000,
  warmUpMs: 5000,
};
const quick: Effort = {
  cold: 5,
  warm: { valid: 30, invalid: 15, malformed: 0 },
  pair: 15,
  warmUpInvocations: 20_000,
  warmUpMs: 900,
};

/** What can be measured: checked, bundled, with the programs that run it. */
export interface Field {
  /** Those of the HTTP rows; none leaves these rows out. */
  readonly candidates: readonly Candidate[];
  /** Those of the batch rows, where they were asked for. */
  readonly batches?: Readonly<Record<BatchJob, readonly Candidate[]>> | undefined;
  readonly bundles: Readonly<Record<string, Bundle>>;
  readonly children: Children;
}

/**
 * Measures.
 *
 * @param field - who takes part
 * @param asked - a quick run or a full one, with instructions or without
 * @returns the figures
 * @throws when a candidate crashes or stops answering right
 */
export async function measureEverything(
  field: Field,
  asked: { readonly quick: boolean; readonly instructions: boolean },
): Promise<Figures> {
  const { bundles, children, candidates } = field;
  const http =
    candidates.length === 0
      ? nothing
      : await measureHttp(field, asked.quick ? quick : full, asked.instructions);
  const batches =
    field.batches && (await measureBatches(field.batches, { worker: children.worker, bundles }, asked.quick));
  return { machine: machine(), quick: asked.quick, bundles, ...http, ...(batches && { batches }) };
}

type HttpFigures = Omit<Figures, 'machine' | 'quick' | 'bundles' | 'batches'>;

const nothing: HttpFigures = { warm: {}, pairs: {}, heap: {}, cold: {}, builtins: {} };

async function measureHttp(field: Field, effort: Effort, counting: boolean): Promise<HttpFigures> {
  const { bundles, children } = field;
  const contestants = field.candidates.map((candidate) => contestant(candidate, baseOf(candidate), bundles));

  progress(`cold starts of ${contestants.length} candidates`);
  const cold = measureCold(contestants, {
    child: children.cold,
    rounds: effort.cold,
    invocations: EARLY_INVOCATIONS,
  });
  progress('built-ins and heap');
  const builtins = Object.fromEntries(
    contestants.map(({ name, bundle }) => [name, builtinsLoaded(bundle, children.builtins)]),
  );
  const heap = await measureHeap(contestants, children.worker);
  const warm: Partial<Record<WarmScenario, Record<string, Warm>>> = {};
  for (const scenario of ['valid', 'invalid', 'malformed'] as const) {
    const rounds = effort.warm[scenario];
    if (rounds === 0) continue;
    progress(`warm, ${scenario}`);
    // oxlint-disable-next-line no-await-in-loop -- two at a time would share the machine
    warm[scenario] = await measureWarm(contestants, settings(children, effort, scenario, rounds));
  }
  const paired = await measurePairs(field, effort);
  const instructions = counting ? countInstructions(contestants, children.cold) : undefined;
  return { warm, pairs: paired, heap, cold, builtins, ...(instructions && { instructions }) };
}

function contestant(candidate: Candidate, base: string, bundles: Field['bundles']): Contestant {
  return { name: candidate.name, bundle: bundles[candidate.name]?.file ?? '', base };
}

function settings(children: Children, effort: Effort, scenario: Scenario, rounds: number): WarmSettings {
  const { warmUpInvocations, warmUpMs } = effort;
  return { worker: children.worker, scenario, rounds, batchMs: 6, warmUpInvocations, warmUpMs };
}

async function measurePairs(
  { candidates, bundles, children }: Field,
  effort: Effort,
): Promise<Figures['pairs']> {
  const empty = candidates.find(({ name }) => name === 'empty');
  // Without ours there is nothing to pair, and nothing was bundled.
  if (!empty || !bundles[pairs.router[0].name]) return {};
  const ratioOf = async (pair: keyof typeof pairs, scenario: Scenario): Promise<Warm | undefined> => {
    progress(pairs[pair][0].title);
    const [subject, base] = pairs[pair];
    const both = [empty, subject, base].map((candidate) => contestant(candidate, base.name, bundles));
    return (await measureWarm(both, settings(children, effort, scenario, effort.pair)))[subject.name];
  };
  const router = await ratioOf('router', 'valid');
  const largeBody = await ratioOf('largeBody', 'large');
  return { ...(router && { router }), ...(largeBody && { largeBody }) };
}

async function measureHeap(
  contestants: readonly Contestant[],
  worker: string,
): Promise<Record<string, number>> {
  // Bytes do not depend on who else is running.
  const bytes = new Map(
    await Promise.all(
      contestants.map(async ({ name, bundle }) => [name, await heapBytes({ worker, bundle })] as const),
    ),
  );
  const idle = bytes.get('empty') ?? 0;
  return Object.fromEntries(
    [...bytes].filter(([name]) => name !== 'empty').map(([name, own]) => [name, own - idle]),
  );
}

function countInstructions(
  contestants: readonly Contestant[],
  child: string,
): Record<string, number> | undefined {
  if (!canCountInstructions()) {
    progress('no instructions: valgrind is not installed');
    return undefined;
  }
  const counts = new Map<string, number>();
  for (const { name, bundle } of contestants) {
    progress(`instructions: ${name}`);
    counts.set(name, coldInstructions(bundle, child));
  }
  return Object.fromEntries(
    contestants.map(({ name, base }) => [name, ((counts.get(name) ?? 0) - (counts.get(base) ?? 0)) / 1e6]),
  );
}

function machine(): Figures['machine'] {
  return {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
  };
}
