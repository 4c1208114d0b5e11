/**
 * Breadth first through every state a model can reach: the first state found to break an invariant is one of the
 * nearest, so its trace is one of the shortest.
 *
 * @module
 */
import { packer, unpacker } from './codec.ts';
import type { Breach, Model, Step } from './model.ts';
import { stateTable } from './table.ts';
import { traceTo } from './trace.ts';

/** An invariant broken, and the shortest way there. */
export interface Violation extends Breach {
  /** Broken only once all was at rest, by the sweep or the retry that follows. */
  readonly atEnd: boolean;
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** States of rest that differ in more than what can no longer arrive. */
  readonly ends: number;
  /** Whether it was given up at `limit` states. */
  readonly cutOff: boolean;
  /** One for each invariant that broke, in the order they were found. */
  readonly violations: readonly Violation[];
}

export interface ExploreOptions {
  /** States after which to give up. */
  readonly limit?: number;
}

interface Found extends Breach {
  readonly id: number;
  readonly atEnd: boolean;
}

export function explore<State>(
  model: Model<State>,
  { limit = Number.POSITIVE_INFINITY }: ExploreOptions = {},
): Exploration {
  const pack = packer();
  const unpack = unpacker();
  const bytes = bytesOf(model);
  const table = stateTable(bytes);
  const ends = stateTable(bytes);
  const words = new Uint32Array(table.stride / 4);
  const view = new Uint8Array(words.buffer);

  const read = (id: number, state: State): void => {
    table.open(id, (source, position) => unpack.aim(source, position));
    model.layout(state, unpack);
  };
  const write = (state: State): Uint32Array => {
    pack.aim(view);
    model.layout(state, pack);
    return words;
  };

  const found = new Map<string, Found>();
  const note = (id: number, atEnd: boolean, breaches: readonly Breach[]): void => {
    for (const breach of breaches)
      if (!found.has(breach.invariant)) found.set(breach.invariant, { ...breach, id, atEnd });
  };

  const current = model.first();
  const next = model.first();
  const rest = model.first();
  let id = 0;
  let transitions = 0;
  let cutOff = false;
  const step: Step<State> = (_describe, change) => {
    transitions++;
    read(id, next);
    change(next);
    model.canonical(next);
    if (table.count() < limit) table.add(write(next), id);
    else cutOff = true;
  };

  model.canonical(current);
  table.add(write(current), -1);
  for (; id < table.count(); id++) {
    read(id, current);
    note(id, false, model.breaches(current));
    if (model.rests(current)) {
      read(id, rest);
      model.settle(rest);
      model.canonical(rest);
      if (ends.add(write(rest), -1) >= 0) note(id, true, model.breachesAtEnd(rest));
    }
    model.steps(current, step);
  }

  return {
    states: table.count(),
    transitions,
    ends: ends.count(),
    cutOff,
    violations: [...found.values()].map(({ invariant, reason, atEnd, id: broken }) => ({
      invariant,
      reason,
      atEnd,
      trace: traceTo(broken, model, table),
    })),
  };
}

function bytesOf<State>(model: Model<State>): number {
  const pack = packer();
  // Room for any model here: what is too large for it fails the first state table instead of passing unseen.
  pack.aim(new Uint8Array(1 << 16));
  model.layout(model.first(), pack);
  return pack.position();
}
