/**
 * All measurements of one run, in order of what they cost.
 *
 * @module
 */
import { cpus } from 'node:os';

import type { Bundle } from '../build/bundle.ts';
import type { Children } from '../build/prepare.ts';
import { baseOf, pairs, type Candidate } from '../candidates.ts';
import type { Scenario } from '../job/events.ts';
import { progress } from '../report/progress.ts';
import type { BuiltinsReport } from './builtins-child.ts';
import { builtinsLoaded } from './builtins.ts';
import { measureCold, type Cold } from './cold.ts';
import { heapBytes } from './heap.ts';
import { canCountInstructions, coldInstructions } from './instructions.ts';
import { measureWarm, type Contestant, type Warm, type WarmSettings } from './warm.ts';

/** The scenarios with a warm row of their own. */
export const warmScenarios = ['valid', 'invalid', 'malformed'] as const;

/** Every figure of a run, by candidate. */
export interface Figures {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly date: string;
  };
  readonly quick: boolean;
  /** Bundled and minified, in bytes. */
  readonly bundles: Readonly<Record<string, Bundle>>;
  readonly warm: Readonly<Record<(typeof warmScenarios)[number], Readonly<Record<string, Warm>>>>;
  readonly pairs: Readonly<Partial<Record<keyof typeof pairs, Warm>>>;
  /** Heap bytes per invocation, the empty handler's taken off. */
  readonly heap: Readonly<Record<string, number>>;
  readonly cold: Readonly<Record<string, Cold>>;
  readonly builtins: Readonly<Record<string, BuiltinsReport>>;
  /** Cold instructions above the bare handler, in millions; only where they were counted. */
  readonly instructions?: Readonly<Record<string, number>>;
}

export interface Effort {
  readonly quick: boolean;
  readonly instructions: boolean;
}

/** Invocations until a function counts as warm; many never see more. */
export const EARLY_INVOCATIONS = 300;

/**
 * Measures.
 *
 * @param candidates - who takes part, all of them checked
 * @param bundles - theirs, and those of the pairs where our part takes part
 * @param children - the programs that run them
 * @param effort - how long to go on
 * @returns the figures
 */
export async function measureEverything(
  candidates: readonly Candidate[],
  bundles: Readonly<Record<string, Bundle>>,
  children: Children,
  effort: Effort,
): Promise<Figures> {
  const fileOf = (name: string): string => bundles[name]?.file ?? '';
  const contestants = candidates.map((candidate) => ({
    name: candidate.name,
    bundle: fileOf(candidate.name),
    base: baseOf(candidate),
  }));
  const settings = (scenario: Scenario, rounds: number): WarmSettings => ({
    worker: children.worker,
    scenario,
    rounds: effort.quick ? Math.ceil(rounds / 4) : rounds,
    batchMs: 6,
    warmUpMs: effort.quick ? 250 : 1000,
  });

  progress(`cold: ${contestants.length} candidates in fresh processes`);
  const cold = measureCold(contestants, {
    child: children.cold,
    rounds: effort.quick ? 7 : 25,
    invocations: EARLY_INVOCATIONS,
  });
  progress('built-ins and heap');
  const builtins = Object.fromEntries(
    contestants.map(({ name, bundle }) => [name, builtinsLoaded(bundle, children.builtins)]),
  );
  const heap = await measureHeap(contestants, children.worker);

  const warm = {
    valid: await measureWarm(progressing('warm: valid', contestants), settings('valid', 100)),
    invalid: await measureWarm(progressing('warm: failed validation', contestants), settings('invalid', 60)),
    malformed: await measureWarm(progressing('warm: malformed', contestants), settings('malformed', 40)),
  };
  const pairWith = async (pair: keyof typeof pairs, scenario: Scenario): Promise<Warm | undefined> => {
    const [subject, base] = pairs[pair].map(({ name }) => ({
      name,
      bundle: fileOf(name),
      base: pairs[pair][1].name,
    }));
    const empty = contestants.find(({ name }) => name === 'empty');
    if (!subject?.bundle || !base || !empty) return undefined;
    return (await measureWarm([empty, subject, base], settings(scenario, 80)))[subject.name];
  };
  progress('router and large body');
  const router = await pairWith('router', 'valid');
  const largeBody = await pairWith('largeBody', 'large');

  const instructions = effort.instructions ? countInstructions(contestants, children.cold) : undefined;
  return {
    machine: {
      node: process.version,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      date: new Date().toISOString().slice(0, 10),
    },
    quick: effort.quick,
    bundles,
    warm,
    pairs: { ...(router && { router }), ...(largeBody && { largeBody }) },
    heap,
    cold,
    builtins,
    ...(instructions && { instructions }),
  };
}

function progressing<Value>(message: string, value: Value): Value {
  progress(message);
  return value;
}

async function measureHeap(
  contestants: readonly Contestant[],
  worker: string,
): Promise<Record<string, number>> {
  const bytes = new Map<string, number>();
  for (const { name, bundle } of contestants) {
    // oxlint-disable-next-line no-await-in-loop -- one process at a time keeps the machine's memory out of it
    bytes.set(name, await heapBytes({ worker, bundle }));
  }
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
