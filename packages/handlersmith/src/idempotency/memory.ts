/**
 * A store in the memory of this process, for unit tests.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { RESULT_LIMIT } from './limit.ts';
import { type OrderedStore, orderedStore, type TurnStore } from './order.ts';
import { customStore, type IdempotencyStore, type StoredResult } from './store.ts';

interface Entry {
  readonly token: string;
  readonly fingerprint: string | undefined;
  /** `undefined` while the work is under way. */
  readonly result: StoredResult | undefined;
  /** When the entry is void: the lease's end, or the result's. Milliseconds since 1970. */
  readonly endsAt: number;
}

/**
 * A store for unit tests, with the same contract as {@link dynamoStore}. Not for production: Lambda runs many
 * processes, and each would have its own.
 *
 * @returns an empty store
 * @example
 * const pay = idempotent(charge, { store: memoryStore(), operation: 'pay', key: (order) => order.id });
 */
export function memoryStore(): IdempotencyStore & OrderedStore {
  const entries = new Map<string, Entry>();
  const current = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.endsAt > Date.now() ? entry : undefined;
  };
  const results = customStore({
    claim: async (key, { fingerprint, lease }) => {
      const entry = current(key);
      if (entry === undefined) {
        const token = randomUUID();
        entries.set(key, { token, fingerprint, result: undefined, endsAt: Date.now() + lease });
        return { kind: 'claimed', token };
      }
      return entry.result === undefined
        ? { kind: 'inProgress', retryAfter: entry.endsAt - Date.now(), fingerprint: entry.fingerprint }
        : { kind: 'done', result: entry.result, fingerprint: entry.fingerprint };
    },
    complete: async (key, token, result, ttl) => {
      const entry = entries.get(key);
      if (entry?.token !== token) return false;
      entries.set(key, { ...entry, result, endsAt: Date.now() + ttl * 1000 });
      return true;
    },
    resultLimit: RESULT_LIMIT,
    release: async (key, token) => {
      const entry = entries.get(key);
      if (entry?.token !== token || entry.result !== undefined) return false;
      return entries.delete(key);
    },
  });
  return { ...results, ...orderedStore(memoryTurns()) };
}

interface Line {
  /** Position of the newest that is finished. */
  newest?: string;
  turn?: { readonly token: string; readonly position: string; readonly endsAt: number };
}

function memoryTurns(): TurnStore {
  const lines = new Map<string, Line>();
  const lineOf = (key: string): Line => {
    const line = lines.get(key) ?? {};
    lines.set(key, line);
    return line;
  };
  const abandon: TurnStore['abandon'] = async (key, token) => {
    const line = lineOf(key);
    if (line.turn?.token === token) delete line.turn;
  };
  return {
    begin: async (key, position, { lease }) => {
      const line = lineOf(key);
      const { newest, turn } = line;
      if (newest !== undefined && newest >= position)
        return { kind: newest === position ? 'done' : 'outdated' };
      if (turn !== undefined && turn.position !== position && turn.endsAt >= Date.now())
        return { kind: 'busy', retryAfter: turn.endsAt - Date.now() };
      const token = randomUUID();
      line.turn = { token, position, endsAt: Date.now() + lease };
      return { kind: 'begun', token };
    },
    finish: async (key, token, position) => {
      const line = lineOf(key);
      await abandon(key, token);
      if (line.newest !== undefined && line.newest > position) return false;
      line.newest = position;
      return true;
    },
    abandon,
  };
}
