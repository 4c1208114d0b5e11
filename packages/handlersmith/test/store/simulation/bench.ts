/**
 * Where one simulation takes place: a scope, a prefix and a table of records of its own, and what was asked there.
 *
 * @module
 */
import { type BlobStoreOptions, blobStore, type BlobStoreLimits } from '../../../src/store/index.ts';
import { writeName } from '../../../src/store/names.ts';
import { type Attempted, isPassing, labelOf, type Place, violations } from './invariants.ts';
import { BUCKET, ROWS } from './names.ts';
import type { Simulation } from './simulation.ts';
import { expire } from './sweeper.ts';
import type { Outcome } from './task.ts';
import { upload } from './upload.ts';
import type { Clients, World } from './world.ts';
import { ask, type Ask, type RowName, type Setting, type Store } from './writes.ts';

/** Simulated time begins here: noon, so that no day ends by itself. */
export const STARTS_AT: number = Date.UTC(2026, 10, 21, 12);

export interface BenchOptions {
  readonly world: World;
  readonly simulation: Simulation;
  /** Names everything of it: no two may share it. */
  readonly scope: string;
  /** A table of records that nobody else uses meanwhile. */
  readonly records: string;
  readonly compact?: boolean | undefined;
  readonly probe?: boolean | undefined;
  readonly lease?: boolean | undefined;
  readonly limits?: BlobStoreLimits | undefined;
  /** Ids of attempts. */
  readonly newId: () => string;
  /** Whether the SDK itself makes two tries. */
  readonly sdkTries?: 1 | 2 | undefined;
  /** Replaces the sweep. */
  readonly sweep?:
    | ((clients: Clients, place: { prefix: string; records: string }) => Promise<unknown>)
    | undefined;
}

type Told = Outcome<Awaited<ReturnType<typeof ask>>>;

export interface Bench {
  readonly setting: Setting;
  readonly place: Place;
  readonly attempted: readonly Attempted[];
  /** One attempt, as a task. Resolves to what its client hears. */
  attempt(what: Ask, name?: string): Promise<Told>;
  /** One sweep, as a task. */
  sweep(): Promise<Outcome<unknown>>;
  /** The retire worker, as a task. */
  retire(): Promise<Outcome<unknown>>;
  /** The record of a committed write expires, as a task. */
  expire(key: string): Promise<Outcome<unknown>>;
  /** Ends all faults, lets everything late come, looks, sweeps, and looks; then asks everything again, and looks. */
  conclude(): Promise<string[]>;
}

export function benchOf(options: BenchOptions): Bench {
  const { world, simulation, scope, records, compact = false, sdkTries = 1 } = options;
  const clients = sdkTries === 1 ? world.directed : world.directedTwice;
  const place: Place = { scope, prefix: `${scope}/`, compact };
  const store: Store = blobStore(storeOptions(options, place, clients));
  const setting: Setting = { store, scope, compact };
  const attempted: Attempted[] = [];
  simulation.aliases.set(`${scope}/`, '');
  simulation.aliases.set(scope, 'scope');
  simulation.aliases.set(records, 'writes');

  const nameOf = (key: string): string => {
    const name = writeName(scope, key);
    simulation.aliases.set(name, key);
    return name;
  };
  const attempt = (what: Ask, name: string = labelOf(what)): Promise<Told> => {
    nameOf(what.key);
    // Who dies is never heard of again, and has asked all the same.
    const index = attempted.push({ ask: what, outcome: { kind: 'silent' } }) - 1;
    return simulation.run(
      name,
      (task) => (what.as === 'upload' ? upload : ask)(setting, what, task),
      (outcome) => (attempted[index] = { ask: what, outcome }),
    );
  };
  const sweep = (): Promise<Outcome<unknown>> =>
    simulation.run(
      'sweep',
      ({ controller: { signal } }) =>
        options.sweep?.(clients, { prefix: place.prefix, records }) ?? store.sweep({ grace: 0, signal }),
    );
  const retire = (): Promise<Outcome<unknown>> =>
    simulation.run('retire', (task) => store.retire({ signal: task.controller.signal }));

  const look = (swept: boolean): Promise<string[]> => violations(world.plain, place, attempted, swept);

  return {
    setting,
    place,
    attempted,
    attempt,
    sweep,
    retire,
    expire: (key) => simulation.run(`expiry of ${key}`, () => expire(clients, records, nameOf(key))),
    conclude: async () => {
      await simulation.settle();
      simulation.calm = true;
      const found = await look(false);
      simulation.advance(AN_HOUR_AND_MORE);
      if (!compact && attempted.some(({ ask: { kind } }) => kind !== 'create'))
        found.push(...problemOf('retire', await retire()));
      found.push(...problemOf('sweep', await sweep()), ...(await look(true)));
      const before = attempted.length;
      found.push(...(await askAgain(attempted, attempt, simulation)));
      // What was answered from the record has changed nothing.
      const isAllReplayed = attempted
        .slice(before)
        .every(({ outcome }) => outcome.kind === 'done' && outcome.value.status === 'replayed');
      if (!isAllReplayed) found.push(...(await look(false)));
      return [...new Set(found)];
    },
  };
}

/** Those who were reading retired blobs are done, and leases have run out. */
const AN_HOUR_AND_MORE = 2 * 60 * 60_000;

function problemOf(what: string, outcome: Outcome<unknown>): string[] {
  if (outcome.kind === 'done') {
    const report = outcome.value as { readonly complete?: boolean } | undefined; // of the store's own workers
    return report?.complete === false ? [`${what} was not complete, with no fault left`] : [];
  }
  return [`${what} came to nothing, with no fault left: ${told(outcome)}`];
}

function told(outcome: Outcome<unknown>): string {
  return outcome.kind === 'failed' ? String(outcome.error) : outcome.kind;
}

function storeOptions(
  { simulation, records, compact = false, probe, lease, limits, newId }: BenchOptions,
  { prefix }: Place,
  clients: Clients,
): BlobStoreOptions<RowName> {
  return {
    bucket: BUCKET,
    table: ROWS,
    prefix,
    rowKey: (id, scope) => ({ scope, id }),
    ...(compact ? { compact } : { records: { table: records } }),
    ...(probe === undefined ? {} : { probe }),
    ...(lease === undefined ? {} : { lease }),
    s3: clients.s3,
    dynamodb: clients.dynamodb,
    limits: { retryDelay: 0, partSize: 5 * 1024 ** 2, ...limits },
    now: simulation.now,
    newId,
  };
}

/** A retry converges: each request once more, in peace, gets the answer it had, or is done, or is refused as it must be. */
async function askAgain(
  attempted: readonly Attempted[],
  attempt: (what: Ask) => Promise<Told>,
  simulation: Simulation,
): Promise<string[]> {
  const found: string[] = [];
  const asks = new Map(attempted.map((each) => [labelOf(each.ask), each.ask]));
  const winners = new Map<string, string>();
  for (const { ask: what, outcome } of attempted)
    if (outcome.kind === 'done') winners.set(what.key, what.payload);
  for (const [label, what] of asks) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const outcome = await attempt(what);
    simulation.note(`${label}, asked again: ${told(outcome)}`);
    if (outcome.kind === 'done') {
      winners.set(what.key, what.payload);
      continue;
    }
    const winner = winners.get(what.key);
    if (winner === what.payload)
      found.push(`L1: ${label} was acknowledged, and is now refused: ${told(outcome)}`);
    if (outcome.kind === 'silent' || isPassing(outcome.error))
      found.push(`L1: ${label} does not come to an end: ${told(outcome)}`);
  }
  return found;
}
