/**
 * The way to a state, told step by step.
 *
 * The table keeps canonical states only, in which interchangeable invocations may have changed places. The way is
 * therefore walked again from the start without making anything canonical, so that a name in a trace stays with
 * the one it was given to.
 *
 * @module
 */
import { packer, unpacker } from './codec.ts';
import type { Model } from './model.ts';
import type { StateTable } from './table.ts';

export function traceTo<State>(id: number, model: Model<State>, table: StateTable): string[] {
  const way: Uint8Array[] = [];
  for (let at = id; at > 0; at = table.parent(at))
    way.push(table.open(at, (bytes, position) => bytes.slice(position, position + table.stride)));

  const lines: string[] = [];
  let here = packed(model, table.stride, model.first());
  for (const target of way.toReversed()) {
    const taken = stepTowards(target, here, model);
    lines.push(taken.line);
    here = taken.bytes;
  }
  return lines;
}

/** The step from `here` whose canonical outcome is `target`. */
function stepTowards<State>(
  target: Uint8Array,
  here: Uint8Array,
  model: Model<State>,
): { readonly line: string; readonly bytes: Uint8Array } {
  const unpack = unpacker();
  const read = (state: State): State => {
    unpack.aim(here, 0);
    model.layout(state, unpack);
    return state;
  };
  const candidates: { line: string; bytes: Uint8Array }[] = [];
  model.steps(read(model.first()), (describe, change) => {
    const next = read(model.first());
    const outcome = change(next);
    const bytes = packed(model, target.length, next);
    model.canonical(next);
    if (Buffer.compare(packed(model, target.length, next), target) !== 0) return;
    candidates.push({ line: outcome === undefined ? describe() : `${describe()} → ${outcome}`, bytes });
  });
  const [taken] = candidates;
  if (!taken) throw new Error('no step leads on: steps or layout depend on what the state does not hold');
  return taken;
}

function packed<State>(model: Model<State>, stride: number, state: State): Uint8Array {
  const bytes = new Uint8Array(stride);
  const pack = packer();
  pack.aim(bytes);
  model.layout(state, pack);
  return bytes;
}
