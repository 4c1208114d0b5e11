/**
 * Many writes at a time, in an order and with faults that a seed chooses, and zero-grace sweeps alongside.
 *
 * @module
 */
import { benchOf, type BenchOptions, STARTS_AT } from '../simulation/bench.ts';
import { seeded } from '../simulation/directors.ts';
import { type Random, randomOf } from '../simulation/random.ts';
import { Simulation } from '../simulation/simulation.ts';
import type { World } from '../simulation/world.ts';
import type { Ask } from '../simulation/writes.ts';

/** What kind of writes there are. */
export type Flavour = 'creates' | 'mixed' | 'leased' | 'compact' | 'replaced';

export interface SoakOptions {
  readonly world: World;
  readonly seed: number;
  /** Attempts, beside the sweeps. */
  readonly attempts: number;
  /** Default: the seed chooses. */
  readonly flavour?: Flavour;
  readonly sweep?: BenchOptions['sweep'];
  /** Sets runs of one seed in one world apart. Names, and what hangs on their digests, are then others. */
  readonly label?: string;
}

export interface Soaked {
  readonly found: readonly string[];
  readonly flavour: Flavour;
  readonly attempts: number;
  readonly requests: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly hash: string;
  readonly trace: readonly string[];
}

/** Tasks at a time. */
const TASKS = 8;

const FLAVOURS: readonly Flavour[] = ['mixed', 'creates', 'mixed', 'leased', 'mixed', 'compact', 'replaced'];

/** Equal seeds give equal runs. */
export async function soak({
  world,
  seed,
  attempts,
  flavour: wanted,
  sweep,
  label = '',
}: SoakOptions): Promise<Soaked> {
  const random = randomOf(seed);
  const flavour = wanted ?? random.one(FLAVOURS);
  const simulation = new Simulation(seeded(random), STARTS_AT);
  const scope = `soak-${seed}${label}`;
  const bench = benchOf({
    world,
    simulation,
    scope,
    records: await world.recordTable(`records-${scope}`),
    compact: flavour === 'compact',
    ...(flavour === 'leased' ? { lease: true } : { probe: random.next() < 0.7 }),
    limits: { attempts: 1 + random.below(3) },
    sdkTries: random.next() < 0.3 ? 2 : 1,
    newId: () => random.id(),
    sweep,
  });
  const live = new Set<Promise<unknown>>();
  const start = (task: Promise<unknown>): void => {
    live.add(task);
    void task.finally(() => live.delete(task));
  };
  for (let index = 0; index < attempts; index++) {
    const what = chosen(random, flavour, index);
    start(bench.attempt(what));
    if (random.next() < 0.5) start(bench.sweep());
    if ((flavour === 'mixed' || flavour === 'replaced') && random.next() < 0.05) start(bench.retire());
    // An upload that begins under the key of one whose record has expired keeps the key for itself: a known limit.
    if (flavour === 'creates' && what.as !== 'upload' && random.next() < 0.1) start(bench.expire(what.key));
    // The row knows of its last write alone: each is replaced under one key.
    if (flavour === 'replaced' && what.kind === 'replace' && random.next() < 0.2)
      start(bench.expire(what.key));
    if (flavour === 'leased') simulation.advance(random.below(30_000));
    // oxlint-disable-next-line no-await-in-loop -- so many at a time
    while (live.size >= TASKS) await Promise.race(live);
  }
  await Promise.all(live);
  const found = await bench.conclude();
  return {
    found,
    flavour,
    attempts: bench.attempted.length,
    requests: simulation.requests,
    faults: simulation.faults,
    hash: simulation.hash,
    trace: simulation.trace,
  };
}

/** About three attempts for each key, some of them with another payload; several keys for each named row. */
function chosen(random: Random, flavour: Flavour, index: number): Ask {
  const number = Math.max(0, Math.floor(index / 3) - random.below(2));
  const key = `K${number}`;
  const payload = random.next() < 0.12 ? 'P2' : 'P1';
  if (flavour === 'replaced') {
    const id = `row-${Math.floor(number / 2)}`;
    return { kind: number % 2 === 0 ? 'create' : 'replace', key, payload, id };
  }
  const kind = flavour === 'mixed' ? kindOf(number) : 'create';
  // What a key is for does not change: its kind and its row come from its number.
  if (flavour !== 'mixed' || (kind === 'create' && number % 3 === 0))
    return { kind, key, payload, as: flavour === 'compact' ? 'bytes' : AS[number % AS.length] };
  return { kind, key, payload, id: `row-${Math.floor(number / 8)}` };
}

/** How the bytes of rows come whose ids are derived. */
const AS = ['bytes', 'stream', 'upload', 'bytes'] as const;

function kindOf(number: number): Ask['kind'] {
  const turn = number % 8;
  if (turn === 3) return 'remove';
  return turn === 0 || turn === 4 || turn === 7 ? 'create' : 'replace';
}
