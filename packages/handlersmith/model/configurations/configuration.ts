/**
 * What a configuration is: a protocol, what is asked of it, how much may go wrong, and what must come of it.
 *
 * @module
 */
import type { Invariant } from '../invariants.ts';
import type { PendingRowOptions } from '../pending-row.ts';
import type { PowertoolsOptions } from '../powertools.ts';
import type { Invocation, Kind, StageCommitOptions } from '../stage-commit/options.ts';

export type Subject =
  | {
      readonly protocol: 'stage-commit';
      readonly options: StageCommitOptions;
      /** Of an ablation: the same with nothing taken away. */
      readonly whole?: StageCommitOptions;
    }
  | { readonly protocol: 'powertools'; readonly options: PowertoolsOptions }
  | { readonly protocol: 'pending-row'; readonly options: PendingRowOptions };

export type Configuration = Subject & {
  /** `F…` the protocol, `A…` without one of its parts, `C…` another protocol, `PT…` Powertools. */
  readonly name: string;
  readonly title: string;
  /** Exactly these invariants break, no more and no fewer; none: it holds. */
  readonly breaks: readonly Invariant[];
  /** States after which to give up; only in the large set. */
  readonly limit?: number;
};

/** Stage, commit, sweep as it is meant: it must hold. */
export function holds(name: string, title: string, options: StageCommitOptions): Configuration {
  return { name, title, protocol: 'stage-commit', options, breaks: [] };
}

/**
 * Stage, commit, sweep with something taken away: it must break, and in the way it is known to.
 *
 * @param options - with nothing taken away: then it holds
 * @param without - how that is changed
 */
export function breaks(
  name: string,
  title: string,
  invariants: readonly Invariant[],
  options: StageCommitOptions,
  without: Partial<StageCommitOptions>,
): Configuration {
  return {
    name,
    title,
    protocol: 'stage-commit',
    options: { ...options, ...without },
    whole: options,
    breaks: invariants,
  };
}

/** Invocations under the key K, one for each payload. */
export function under(kind: Kind, ...payloads: readonly string[]): Invocation[] {
  return payloads.map((payload) => ({ key: 'K', kind, payload }));
}

export function invocation(key: string, kind: Kind, payload = '-'): Invocation {
  return { key, kind, payload };
}
