/**
 * What must hold, looked for in bucket and tables.
 *
 * @module
 */
import type { BlobReference, WriteResult } from '../../../src/store/index.ts';
import { checksumAt, lookAt, type Sight } from './look.ts';
import type { Outcome } from './task.ts';
import type { Clients } from './world.ts';
import type { Answer, Ask, Effect } from './writes.ts';

/** An attempt, and what it came to, whether its client heard of it or not. */
export interface Attempted {
  readonly ask: Ask;
  readonly outcome: Outcome<WriteResult<Answer, BlobReference | undefined>>;
}

export interface Place {
  readonly scope: string;
  readonly prefix: string;
  readonly compact: boolean;
}

/** Errors that say "try again", or that a service was told to give; none of them says anything of the write. */
const PASSING = new Set([
  'OutcomeUnknown',
  'InProgress',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'RequestTimeTooSkewed',
  'TransactionCanceledException',
  // A client begins again.
  'UploadMissing',
  'UploadFailed',
]);

/** Whether a client would try again. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && PASSING.has(error.name);
}

/** Errors that no fault of a service explains. */
function unexpected(attempted: readonly Attempted[]): string[] {
  return attempted.flatMap(({ ask, outcome }) => {
    if (outcome.kind !== 'failed' || isPassing(outcome.error)) return [];
    const name = outcome.error instanceof Error ? outcome.error.name : String(outcome.error);
    if (isDue(name, ask, attempted)) return [];
    const detail = outcome.error instanceof Error ? outcome.error.message : '';
    return [`${labelOf(ask)} failed unexpectedly: ${name} ${detail}`];
  });
}

/** Refusals that the request may get. */
function isDue(name: string, ask: Ask, attempted: readonly Attempted[]): boolean {
  switch (name) {
    case 'KeyReused':
      return attempted.some(({ ask: other }) => other.key === ask.key && other.payload !== ask.payload);
    case 'RowConflict':
      return ask.kind === 'create' && ask.id !== undefined;
    case 'RowMissing':
      return ask.kind !== 'create';
    default:
      return false;
  }
}

export function labelOf({ kind, key, payload, id }: Ask): string {
  return `${kind} ${key} ${payload}${id === undefined ? '' : ` of ${id}`}`;
}

/** What holds at every moment: I1, I2, I3, I5, I6. And once all was swept, I4. */
export async function violations(
  clients: Clients,
  place: Place,
  attempted: readonly Attempted[],
  swept: boolean,
): Promise<string[]> {
  const sight = await lookAt(clients, place.scope, place.prefix);
  return [
    ...unexpected(attempted),
    ...(await blobsOf(clients, sight)),
    ...effectsOnce(sight),
    ...answersOf(attempted, sight, place.compact),
    ...(place.compact ? [] : rowsAsLedger(sight)),
    ...(swept ? orphans(sight) : []),
  ];
}

async function blobsOf(clients: Clients, { rows }: Sight): Promise<string[]> {
  const found = await Promise.all(
    rows.map(async ({ id, blob, sha256 }) => {
      const got = await checksumAt(clients, blob);
      if (got === sha256) return [];
      return [
        `I1: the row ${id} refers to ${blob}, which ${got === undefined ? 'is gone' : 'has other bytes'}`,
      ];
    }),
  );
  return found.flat();
}

function effectsOnce({ effects }: Sight): string[] {
  const keys = [...effects.values()].flat().map(({ key }) => key);
  return keys
    .filter((key, index) => keys.indexOf(key) !== index)
    .map((key) => `I2: ${key} took effect more than once`);
}

function answersOf(attempted: readonly Attempted[], sight: Sight, compact: boolean): string[] {
  const found: string[] = [];
  const answers = new Map<string, string>();
  const payloads = new Map<string, string>();
  const byKey = new Map([...sight.effects.values()].flat().map((effect) => [effect.key, effect]));
  for (const { ask, outcome } of attempted) {
    if (outcome.kind !== 'done') continue;
    const { response, id } = outcome.value;
    const answer = JSON.stringify(response);
    const first = answers.get(ask.key) ?? answer;
    answers.set(ask.key, first);
    if (first !== answer) found.push(`I3: ${labelOf(ask)} was answered ${first} and ${answer}`);
    const payload = payloads.get(ask.key) ?? ask.payload;
    payloads.set(ask.key, payload);
    if (payload !== ask.payload)
      found.push(`I6: ${ask.key} was acknowledged with ${payload} and ${ask.payload}`);
    const blob = response.blob ?? null;
    const effect = compact ? effectOfRow(sight, id, ask) : byKey.get(ask.key);
    if (effect === undefined) found.push(`I5: ${labelOf(ask)} was acknowledged, and has left nothing`);
    else if (effect.blob !== blob)
      found.push(`I5: ${labelOf(ask)} was acknowledged with ${blob}, and it is ${effect.blob}`);
    else if (effect.payload !== ask.payload)
      found.push(`I6: ${labelOf(ask)} was acknowledged, and ${effect.payload} took effect`);
  }
  return found;
}

function effectOfRow({ rows }: Sight, id: string, { key, kind }: Ask): Effect | undefined {
  const row = rows.find((each) => each.id === id);
  return row === undefined ? undefined : { key, kind, payload: row.title, blob: row.blob };
}

/** The ledger says in which order things took place: a row is as the last of them left it. */
function rowsAsLedger({ rows, effects }: Sight): string[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const strangers = rows
    .filter(({ id }) => !effects.has(id))
    .map(({ id }) => `I2: the row ${id} was written by nobody`);
  const others = [...effects].flatMap(([id, list]) => {
    const last = list.at(-1);
    const row = byId.get(id);
    if (last === undefined) return [];
    if (last.kind === 'remove')
      return row === undefined ? [] : [`I5: the row ${id} was removed, and is there`];
    if (row === undefined) return [`I5: the row ${id} is gone, and nobody removed it`];
    if (row.blob !== last.blob)
      return [`I5: the row ${id} refers to ${row.blob}, and ${labelOf(last)} wrote ${last.blob}`];
    return row.title === last.payload
      ? []
      : [`I6: the row ${id} says ${row.title}, and ${labelOf(last)} wrote it`];
  });
  return [...strangers, ...others, ...outOfOrder(effects)];
}

/** Who creates finds no row, and who replaces or removes finds one. */
function outOfOrder(effects: Sight['effects']): string[] {
  return [...effects].flatMap(([id, list]) =>
    list.flatMap((effect, index) => {
      const before = list[index - 1];
      const isThere = before !== undefined && before.kind !== 'remove';
      if ((effect.kind === 'create') !== isThere) return [];
      return [`I5: ${labelOf(effect)} took effect when the row ${id} was ${isThere ? 'there' : 'not there'}`];
    }),
  );
}

function orphans({ rows, objects }: Sight): string[] {
  const inUse = new Set(rows.map(({ blob }) => blob));
  return [...objects].filter((key) => !inUse.has(key)).map((key) => `I4: nothing refers to ${key}`);
}
