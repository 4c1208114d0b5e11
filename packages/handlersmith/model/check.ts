/**
 * Runs a configuration, and says whether it came out as it must.
 *
 * @module
 */
import type { Configuration } from './configurations/configuration.ts';
import { explore, type Exploration, type Violation } from './engine/explore.ts';
import type { Invariant } from './invariants.ts';
import { pendingRow } from './pending-row.ts';
import { powertools } from './powertools.ts';
import { stageCommit } from './stage-commit/protocol.ts';

export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  readonly cutOff: boolean;
  readonly seconds: number;
  /** The most blobs without a row before a sweep; only of stage, commit, sweep. */
  readonly orphans: number | undefined;
  readonly violations: readonly Violation[];
  /** What must break. */
  readonly due: readonly Invariant[];
  /** Whether exactly that broke, and all was seen. */
  readonly asDue: boolean;
}

export function check(configuration: Configuration): Outcome {
  const { name, title, breaks } = configuration;
  const began = performance.now();
  const found = run(configuration);
  const broken = found.violations.map(({ invariant }) => invariant).toSorted();
  return {
    name,
    title,
    ...found,
    seconds: (performance.now() - began) / 1000,
    due: breaks,
    asDue: !found.cutOff && broken.join() === breaks.toSorted().join(),
  };
}

/** 0 when everything came out as it must. */
export function exitCodeOf(outcomes: readonly Outcome[]): 0 | 1 {
  return outcomes.every(({ asDue }) => asDue) ? 0 : 1;
}

function run(configuration: Configuration): Exploration & { readonly orphans: number | undefined } {
  const limits = configuration.limit === undefined ? {} : { limit: configuration.limit };
  if (configuration.protocol === 'powertools')
    return { ...explore(powertools(configuration.options), limits), orphans: undefined };
  if (configuration.protocol === 'pending-row')
    return { ...explore(pendingRow(configuration.options), limits), orphans: undefined };
  const model = stageCommit(configuration.options);
  const exploration = explore(model, limits);
  return { ...exploration, orphans: model.mostOrphans() };
}
