/**
 * I1-I6 and L1, the same for every protocol: each shows its state as a {@link World}, and this file judges it.
 *
 * - I1 a row has its blob, with the content the row was written with
 * - I2 at most one effect for a key
 * - I3 equal answers to all successful requests of a key
 * - I4 after a sweep no blob is left that no row refers to
 * - I5 what was acknowledged is in the table, unless a later write replaced or removed it
 * - I6 another payload under the same key is never acknowledged and overwrites nothing
 * - L1 a retry without faults ends, with the answer that was acknowledged or with the refusal that is due
 *
 * @module
 */
import type { Breach } from './engine/model.ts';

export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'L1'] as const;
export type Invariant = (typeof invariants)[number];

/** A row of the table. Names are numbers: a blob's, a payload's, that of the write that made the row. */
export interface Row {
  readonly blob: number;
  readonly payload: number;
  readonly effect: number;
}

/** A request that was answered with success. */
export interface Answer {
  readonly key: number;
  readonly payload: number;
  /** What the answer says. */
  readonly response: number;
  /** The write the answer says was done; 0 where it left no row (a removal). */
  readonly effect: number;
}

export interface World {
  readonly rows: readonly Row[];
  readonly answers: readonly Answer[];
  /** The payload a blob holds; 0 where there is no such blob. */
  contentOf(blob: number): number;
  /** How often the writes of each key took effect. */
  readonly effects: readonly number[];
  /** Whether a later write replaced or removed what this one wrote. */
  superseded(effect: number): boolean;
  /** Blobs in the bucket. */
  blobs(): readonly number[];
  nameOf(blob: number): string;
}

/** I1, I2, I3, I5 and I6, which hold in every state. */
export function breachesOf(world: World): readonly Breach[] {
  const breaches: Breach[] = [];
  const note = (invariant: Invariant, reason: string): void => void breaches.push({ invariant, reason });

  for (const { blob, payload } of world.rows)
    if (world.contentOf(blob) !== payload)
      note('I1', `a row refers to ${world.nameOf(blob)}, which is ${inBucket(world, blob)}`);

  for (const [key, count] of world.effects.entries())
    if (count > 1) note('I2', `key ${key} took effect ${count} times`);

  for (const [index, answer] of world.answers.entries()) {
    for (const other of world.answers.slice(index + 1)) {
      if (other.key !== answer.key) continue;
      if (other.response !== answer.response)
        note(
          'I3',
          `answers ${world.nameOf(answer.response)} and ${world.nameOf(other.response)} for one key`,
        );
      if (other.payload !== answer.payload) note('I6', 'two payloads acknowledged for one key');
    }
    if (answer.effect === 0) continue;
    const row = world.rows.find(({ effect }) => effect === answer.effect);
    if (!row && !world.superseded(answer.effect))
      note('I5', `acknowledged ${world.nameOf(answer.response)}, which no row refers to`);
    if (row && row.payload !== answer.payload) note('I6', 'acknowledged with another payload in the row');
  }
  return breaches;
}

/** I4, which holds once all is at rest and swept. */
export function orphansOf(world: World): readonly number[] {
  return world.blobs().filter((blob) => !world.rows.some((row) => row.blob === blob));
}

/** I4 as a breach. */
export function leakOf(world: World): readonly Breach[] {
  return orphansOf(world)
    .slice(0, 1)
    .map((blob) => ({ invariant: 'I4', reason: `${world.nameOf(blob)} is left for ever` }));
}

function inBucket(world: World, blob: number): string {
  const payload = world.contentOf(blob);
  return payload === 0 ? 'not in the bucket' : `there with payload P${payload}`;
}
