/**
 * Processes killed at random moments, under load. Clients ask again until they are answered; sweeps with no grace run
 * alongside. Then everything is swept, and bucket and tables are looked at.
 *
 * @module
 */
import { blobStore } from '../../../src/store/index.ts';
import { type Attempted, labelOf, type Place, violations } from '../simulation/invariants.ts';
import { BUCKET, ROWS } from '../simulation/names.ts';
import { type Random, randomOf } from '../simulation/random.ts';
import type { World } from '../simulation/world.ts';
import type { Answer, Ask, RowName } from '../simulation/writes.ts';
import { bundle, type Running } from './process.ts';

export interface CrashReport {
  readonly kills: number;
  /** Requests to the function: with those that came to nothing. */
  readonly sent: number;
  readonly answered: number;
  /** Requests that ended because their process was killed. */
  readonly cut: number;
  readonly swept: number;
  readonly found: readonly string[];
}

const PROCESSES = 2;
const CLIENTS = 6;
/** Milliseconds between two kills, at most. */
const LONGEST_LIFE_MS = 250;

/** What one client is told. */
type Told = { readonly status: number; readonly body: unknown } | undefined;

export async function crash(world: World, kills: number, seed: number): Promise<CrashReport> {
  const random = randomOf(seed);
  const place: Place = { scope: `crash-${seed}`, prefix: `crash-${seed}/`, compact: false };
  const records = await world.recordTable(`records-crash-${seed}`);
  const worker = blobStore<RowName>({
    bucket: BUCKET,
    table: ROWS,
    prefix: place.prefix,
    rowKey: (id, scope) => ({ scope, id }),
    records: { table: records },
    limits: { readerGrace: 0 },
    s3: world.plain.s3,
    dynamodb: world.plain.dynamodb,
  });
  const environment = {
    S3_ENDPOINT: world.endpoints.s3,
    DYNAMODB_ENDPOINT: world.endpoints.dynamodb,
    SCOPE: place.scope,
    RECORDS: records,
  };
  await using bundled = await bundle();
  const start = (): Promise<Running> => bundled.start(environment);
  const running = await Promise.all(Array.from({ length: PROCESSES }, start));

  const counts = { sent: 0, answered: 0, cut: 0, swept: 0 };
  const attempted: Attempted[] = [];
  const asked = new Map<string, Ask>();
  const over = new AbortController();

  const send = async (what: Ask): Promise<Told> => {
    const { url } = random.one(running);
    counts.sent += 1;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(what),
        signal: AbortSignal.timeout(10_000),
      });
      const told = { status: answer.status, body: await answer.json() };
      counts.answered += 1;
      return told;
    } catch {
      counts.cut += 1;
      return undefined;
    }
  };
  const untilAnswered = async (what: Ask): Promise<void> => {
    asked.set(labelOf(what), what);
    for (let tries = 0; tries < 1000; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const told = await send(what);
      if (told !== undefined && told.status < 500) {
        attempted.push(attemptOf(what, told));
        return;
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await new Promise((resolve) => setTimeout(resolve, random.below(20)));
    }
    attempted.push({ ask: what, outcome: { kind: 'failed', error: new Error('never answered') } });
  };

  let index = 0;
  const client = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    while (!over.signal.aborted) await untilAnswered(chosen(random, (index += 1)));
  };
  const sweeps = async (): Promise<void> => {
    while (!over.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      counts.swept += (await worker.sweep({ grace: 0 })).deleted;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await worker.retire();
    }
  };
  const killer = async (): Promise<void> => {
    try {
      for (let killed = 0; killed < kills; killed++) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST_LIFE_MS)));
        const which = random.below(PROCESSES);
        // oxlint-disable-next-line no-await-in-loop -- as above
        const next = await start();
        const [killedOne] = running.splice(which, 1, next);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await killedOne?.kill();
      }
    } finally {
      over.abort();
    }
  };
  await Promise.all([killer(), sweeps(), ...Array.from({ length: CLIENTS }, client)]);

  const found = await violations(world.plain, place, attempted, false);
  await worker.retire();
  await worker.sweep({ grace: 0 });
  found.push(...(await violations(world.plain, place, attempted, true)));
  for (const what of asked.values()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await untilAnswered(what);
  }
  found.push(...(await violations(world.plain, place, attempted, false)));
  return { kills, ...counts, found: [...new Set(found)] };
}

/** As the invariants take it: refusals have the names that the store gives them. */
function attemptOf(what: Ask, { status, body }: NonNullable<Told>): Attempted {
  if (status === 200) {
    const {
      response,
      status: how,
      id,
    } = body as { response: Answer; status: 'written' | 'replayed'; id: string }; // as the function answers
    return {
      ask: what,
      outcome: { kind: 'done', value: { response, status: how, id, blob: undefined, headers: {} } },
    };
  }
  const names: Readonly<Record<number, string>> = { 404: 'RowMissing', 409: 'RowConflict', 422: 'KeyReused' };
  const error = Object.assign(new Error(JSON.stringify(body)), { name: names[status] ?? `HTTP ${status}` });
  return { ask: what, outcome: { kind: 'failed', error } };
}

/** About three requests for each key at a time, some with another payload. */
function chosen(random: Random, index: number): Ask {
  const number = Math.floor(index / 3);
  const payload = random.next() < 0.1 ? 'P2' : 'P1';
  const key = `K${number}`;
  const turn = number % 6;
  if (turn < 2) return { kind: 'create', key, payload };
  const id = `row-${Math.floor(number / 6)}`;
  return { kind: turn === 2 ? 'create' : turn === 5 ? 'remove' : 'replace', key, payload, id };
}
