/**
 * What the checker wants to know of a protocol.
 *
 * @module
 */
import type { Codec } from './codec.ts';

/** An invariant that does not hold, and what is wrong. */
export interface Breach {
  readonly invariant: string;
  readonly reason: string;
}

/**
 * One step that may come next.
 *
 * @param describe - who does what; asked only for the steps of a trace
 * @param change - does it, to the state it is given; says what came of it, for the trace
 */
export type Step<State> = (describe: () => string, change: (next: State) => string | undefined) => void;

export interface Model<State> {
  /** The state everything begins with: a new one each time. */
  first(): State;
  /** Passes every field through the codec, always the same fields in the same order. */
  layout(state: State, codec: Codec): void;
  /** Gives states that differ in nothing but names or order the same form. */
  canonical(state: State): void;
  /** Every step anyone may take now. */
  steps(state: State, step: Step<State>): void;
  /** The invariants of every state. */
  breaches(state: State): readonly Breach[];
  /** Whether nobody is under way. What is still in flight may then never arrive. */
  rests(state: State): boolean;
  /** Takes away what no longer matters once all is at rest: what is in flight, what faults are left. */
  settle(state: State): void;
  /** What must hold of a settled state, once what comes after (sweep, retry) has run. May change the state. */
  breachesAtEnd(state: State): readonly Breach[];
}
