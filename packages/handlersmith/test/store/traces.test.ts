/**
 * T5: schedules that broke something once: other protocols, Powertools' idempotency round a plain handler, or this one
 * before it was mended. Named as in the model.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Bench, benchOf, type BenchOptions, STARTS_AT } from './simulation/bench.ts';
import { scripted } from './simulation/directors.ts';
import { lookAt } from './simulation/look.ts';
import { Simulation } from './simulation/simulation.ts';
import { sweepOnce } from './simulation/sweeper.ts';
import { startWorld, type World } from './simulation/world.ts';
import type { Ask } from './simulation/writes.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const K1: Ask = { kind: 'create', key: 'K1', payload: 'P1' };
const other: Ask = { ...K1, payload: 'P2' };

/** Acts it out, and looks: violations, and the rows there are. */
async function act(
  script: readonly string[],
  play: (bench: Bench) => Promise<void>,
  options: Partial<BenchOptions> = {},
): Promise<{ found: readonly string[]; titles: readonly string[]; told: readonly string[] }> {
  const director = scripted(script);
  const simulation = new Simulation(director, STARTS_AT);
  const scope = `trace-${(count += 1)}`;
  let ids = 0;
  const bench = benchOf({
    world,
    simulation,
    scope,
    records: await world.recordTable(`records-${scope}`),
    limits: { attempts: 1 },
    newId: () => `a${(ids += 1)}`,
    ...options,
  });
  await play(bench);
  const told = bench.attempted.map(({ ask: { key, payload }, outcome }) => {
    const name =
      outcome.kind === 'failed' && outcome.error instanceof Error ? outcome.error.name : outcome.kind;
    return `${key} ${payload} ${outcome.kind === 'done' ? outcome.value.status : name}`;
  });
  const found = await bench.conclude();
  if (director.left.length > 0)
    throw new Error(`Of the schedule, this never came: ${director.left.join('; ')}`);
  const { rows } = await lookAt(world.plain, scope, bench.place.prefix);
  return { found, titles: rows.map(({ title }) => title), told };
}
let count = 0;

const all = async (...tasks: readonly Promise<unknown>[]): Promise<void> => void (await Promise.all(tasks));

const retryAndSweep = async (bench: Bench): Promise<void> => {
  await bench.attempt(K1, 'A');
  await all(bench.attempt(K1, 'B'), bench.sweep());
};

describe('A3 a retry uses a blob again that a sweep has found', () => {
  const before = ['A GetItem', 'A PutObject', 'A TransactWriteItems ! crash before'];
  it('and commits before the fence: the sweep sees the row', async () => {
    const script = [
      ...before,
      'sweep ListObjectVersions',
      'sweep ListObjectVersions',
      'sweep GetItem',
      'B GetItem',
      'B PutObject',
      'B TransactWriteItems',
      'sweep UpdateItem',
      'sweep GetItem',
    ];
    expect(await act(script, retryAndSweep)).toMatchObject({ found: [], titles: ['P1'] });
  });

  it('and commits after the fence: it is refused, and stages anew', async () => {
    const script = [
      ...before,
      'sweep ListObjectVersions',
      'sweep ListObjectVersions',
      'sweep GetItem',
      'B GetItem',
      'B PutObject',
      'sweep UpdateItem',
      'sweep GetItem',
      'B TransactWriteItems',
      'sweep DeleteObject',
      'B PutObject',
      'B TransactWriteItems',
    ];
    expect(await act(script, retryAndSweep)).toMatchObject({ found: [], titles: ['P1'] });
  });

  it('without a fence, it is gone', async () => {
    const script = [
      ...before,
      'sweep ListObjectsV2',
      'sweep GetItem',
      'B GetItem',
      'B PutObject',
      'B TransactWriteItems',
      'sweep DeleteObject',
    ];
    const { found } = await act(script, retryAndSweep, {
      sweep: (clients, place) => sweepOnce(clients, place, 'no fence'),
    });
    expect(found).toContainEqual(expect.stringContaining('I1'));
  });
});

it('A5 the commit is applied after its sender gave up: the blob is still there', async () => {
  const script = ['A GetItem', 'A PutObject', 'A TransactWriteItems ! late by 6', 'B GetItem', 'late A'];
  const { found, titles, told } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await bench.attempt(K1, 'B');
  });
  expect({ found, titles }).toEqual({ found: [], titles: ['P1'] });
  expect(told[0]).toBe('K1 P1 OutcomeUnknown');
});

const writeAndSweep = (bench: Bench): Promise<void> =>
  all(bench.attempt(K1, 'A'), bench.sweep(), bench.expire('K1'));

describe('A10 the row is committed, and its record expires, while a sweep looks', () => {
  const begin = ['A GetItem', 'A PutObject'];
  const middle = ['A TransactWriteItems', 'expiry of K1 DeleteItem'];

  it('the row is read again after the fence', async () => {
    const script = [
      ...begin,
      'sweep ListObjectVersions',
      'sweep ListObjectVersions',
      'sweep GetItem',
      ...middle,
      'sweep UpdateItem',
      'sweep GetItem',
    ];
    expect(await act(script, writeAndSweep)).toMatchObject({
      found: [],
      titles: ['P1'],
    });
  });

  it('read before alone, the blob is gone', async () => {
    const script = [
      ...begin,
      'sweep ListObjectsV2',
      'sweep GetItem',
      ...middle,
      'sweep UpdateItem',
      'sweep DeleteObject',
    ];
    const { found } = await act(script, writeAndSweep, {
      sweep: (clients, place) => sweepOnce(clients, place, 'row read before the fence alone'),
    });
    expect(found).toContainEqual(expect.stringContaining('I1'));
  });
});

describe('A11 a late put makes a blob again that was retired', () => {
  const named: Ask = { ...K1, id: 'row' };
  const script = [
    'A PutObject',
    'A TransactWriteItems',
    "B PutObject ! late, after another's delete",
    'C GetItem',
    'C PutObject',
    'C TransactWriteItems',
  ];
  const play = async (bench: Bench): Promise<void> => {
    await bench.attempt(named, 'A');
    await bench.attempt(named, 'B');
    await bench.attempt({ kind: 'replace', key: 'K2', payload: 'P3', id: 'row' }, 'C');
    await bench.retire();
  };
  const options = { probe: false, limits: { attempts: 1, readerGrace: 0 } };

  it('the row says that nothing refers to it', async () => {
    expect(await act(script, play, options)).toMatchObject({
      found: [],
      titles: ['P3'],
    });
  });

  it('a record that is trusted keeps it for ever', async () => {
    const { found } = await act(script, play, {
      ...options,
      sweep: (clients, place) => sweepOnce(clients, place, 'record trusted'),
    });
    expect(found).toEqual([expect.stringContaining('I4')]);
  });
});

describe('A12 a late retry of a create whose row was removed', () => {
  it('replays its answer, and brings nothing back', async () => {
    const named: Ask = { ...K1, id: 'row' };
    const { found, titles, told } = await act([], async (bench) => {
      await bench.attempt(named, 'A');
      await bench.attempt({ kind: 'remove', key: 'K2', payload: 'P3', id: 'row' }, 'B');
      await bench.attempt(named, 'C');
    });
    expect({ found, titles }).toEqual({ found: [], titles: [] });
    expect(told).toEqual(['K1 P1 written', 'K2 P3 written', 'K1 P1 replayed']);
  });
});

it('C1 a blob arrives after its write was swept, and the next sweep takes it', async () => {
  const script = [
    'A GetItem',
    'A PutObject ! crash, request in flight',
    'sweep ListObjectVersions',
    'late A',
  ];
  const { found, titles } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await all(bench.sweep(), bench.attempt({ ...K1, key: 'K2' }, 'B'));
  });
  expect({ found, titles: titles.toSorted() }).toEqual({ found: [], titles: ['P1', 'P1'] });
});

it('PT1 H1 three duplicates at once: one row, and nobody undoes the work of another', async () => {
  const script = [
    'A GetItem',
    'B GetItem',
    'C GetItem',
    'A PutObject',
    'B PutObject',
    'C PutObject',
    'B TransactWriteItems',
    'A TransactWriteItems',
    'C TransactWriteItems',
  ];
  const { found, titles, told } = await act(script, (bench) =>
    all(...['A', 'B', 'C'].map((name) => bench.attempt(K1, name))),
  );
  expect({ found, titles }).toEqual({ found: [], titles: ['P1'] });
  expect(told.toSorted()).toEqual(['K1 P1 replayed', 'K1 P1 replayed', 'K1 P1 written']);
});

it('H1 with a lease, those who are turned away leave it to its holder', async () => {
  const script = ['A UpdateItem', 'B UpdateItem', 'C UpdateItem', 'A PutObject', 'A TransactWriteItems'];
  const { found, told } = await act(
    script,
    (bench) => all(...['A', 'B', 'C'].map((name) => bench.attempt(K1, name))),
    { lease: true },
  );
  expect(found).toEqual([]);
  expect(told).toEqual(['K1 P1 written', 'K1 P1 InProgress', 'K1 P1 InProgress']);
});

it('PT5 H7 the effect is there, its sender dies, and another payload comes: refused, nothing changed', async () => {
  const script = ['A GetItem', 'A PutObject', 'A TransactWriteItems ! crash after', 'B GetItem'];
  const { found, titles, told } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await bench.attempt(other, 'B');
  });
  expect({ found, titles }).toEqual({ found: [], titles: ['P1'] });
  expect(told).toEqual(['K1 P1 silent', 'K1 P2 KeyReused']);
});

it('H2 a refused payload stays refused', async () => {
  const { found, told } = await act([], async (bench) => {
    for (const [index, what] of [K1, other, other, K1].entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await bench.attempt(what, `${index}`);
    }
  });
  expect(found).toEqual([]);
  expect(told).toEqual(['K1 P1 written', 'K1 P2 KeyReused', 'K1 P2 KeyReused', 'K1 P1 replayed']);
});

it('H3 H6 one that was frozen past its retry thaws, and gets the answer of the retry', async () => {
  const script = [
    'A GetItem',
    'A PutObject',
    "A TransactWriteItems ! frozen past another's commit",
    'B GetItem',
    'B PutObject',
    'B TransactWriteItems',
    'late A',
    'A TransactWriteItems, thawed',
  ];
  const { found, titles, told } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await all(bench.attempt(K1, 'B'), bench.attempt({ ...K1, key: 'K9' }, 'Z'));
  });
  expect({ found, titles }).toEqual({ found: [], titles: ['P1', 'P1'] });
  expect(told).toContain('K1 P1 replayed');
});

it('H4 H5 what is done stays done when its answer is lost', async () => {
  const script = ['A GetItem', 'A PutObject', 'A TransactWriteItems ! answer lost', 'B GetItem'];
  const { found, told } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await bench.attempt(K1, 'B');
  });
  expect(found).toEqual([]);
  expect(told).toEqual(['K1 P1 OutcomeUnknown', 'K1 P1 replayed']);
});

it('H7 another payload takes over what was staged and never committed', async () => {
  const script = [
    'A GetItem',
    'A PutObject',
    'A TransactWriteItems ! crash, request in flight',
    'B GetItem',
    'B PutObject',
    'B TransactWriteItems',
    'Z GetItem',
    'late A',
  ];
  const { found, titles } = await act(script, async (bench) => {
    await bench.attempt(K1, 'A');
    await bench.attempt(other, 'B');
    await bench.attempt({ ...K1, key: 'K9' }, 'Z');
  });
  expect(found).toEqual([]);
  expect(titles.toSorted()).toEqual(['P1', 'P2']);
});

it('a row stands in the way of a commit, and goes, while an earlier try is on its way', async () => {
  const named: Ask = { ...K1, id: 'row' };
  const script = [
    'zero GetItem',
    'zero PutObject',
    'zero TransactWriteItems',
    'A GetItem',
    'A PutObject',
    'A TransactWriteItems ! late by 6',
    'B GetItem',
    'B PutObject',
    'B TransactWriteItems',
    'C GetItem',
    'C GetItem',
    'C TransactWriteItems',
    'D GetItem',
    'late A',
  ];
  const { found, titles } = await act(script, async (bench) => {
    await bench.attempt({ kind: 'create', key: 'K0', payload: 'P0', id: 'row' }, 'zero');
    await bench.attempt(named, 'A');
    await bench.attempt(named, 'B');
    await bench.attempt({ kind: 'remove', key: 'K2', payload: 'P3', id: 'row' }, 'C');
    await bench.attempt({ ...K1, key: 'K3' }, 'D');
  });
  expect(found).toEqual([]);
  expect(titles.toSorted()).toEqual(['P1', 'P1']);
});

it('an upload is fenced, and another payload begins under its key before it is completed', async () => {
  const uploaded: Ask = { ...K1, as: 'upload' };
  const script = [
    'A GetItem',
    'A PutItem',
    'A PutObject',
    'sweep ListObjectVersions',
    'sweep ListObjectVersions',
    'sweep GetItem',
    'sweep UpdateItem',
    // Then B, all of it, before A says that its bytes are there.
  ];
  const { found, titles, told } = await act(script, (bench) =>
    all(bench.attempt({ ...uploaded, payload: 'P2' }, 'B'), bench.attempt(uploaded, 'A'), bench.sweep()),
  );
  expect({ found, titles }).toEqual({ found: [], titles: ['P1'] });
  expect(told).toEqual(['K1 P2 KeyReused', 'K1 P1 UploadMissing']);
});
