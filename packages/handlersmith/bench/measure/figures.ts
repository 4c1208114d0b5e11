/**
 * What a run brings home.
 *
 * @module
 */
import type { Bundle } from '../build/bundle.ts';
import type { pairs } from '../candidates.ts';
import type { BatchFigures } from './batches.ts';
import type { BuiltinsReport } from './builtins-child.ts';
import type { Cold } from './cold.ts';
import type { Warm } from './warm.ts';

/** The scenarios with a warm row of their own. */
export type WarmScenario = 'valid' | 'invalid' | 'malformed';

/** Every figure of a run, by candidate. */
export interface Figures {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly date: string;
  };
  readonly quick: boolean;
  readonly bundles: Readonly<Record<string, Bundle>>;
  /** A quick run leaves the malformed row out. */
  readonly warm: Readonly<Partial<Record<WarmScenario, Readonly<Record<string, Warm>>>>>;
  readonly pairs: Readonly<Partial<Record<keyof typeof pairs, Warm>>>;
  /** Heap bytes per invocation, the empty handler's taken off. */
  readonly heap: Readonly<Record<string, number>>;
  readonly cold: Readonly<Record<string, Cold>>;
  readonly builtins: Readonly<Record<string, BuiltinsReport>>;
  /** Cold instructions above the base's, in millions; only where they were counted. */
  readonly instructions?: Readonly<Record<string, number>>;
  /** Only where they were asked for. */
  readonly batches?: BatchFigures;
}
