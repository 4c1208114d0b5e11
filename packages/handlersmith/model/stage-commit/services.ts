/**
 * S3 and DynamoDB: what each request does when it is applied, all at once, and what it is answered.
 *
 * @module
 */
import type { Names } from './names.ts';
import type { Settings } from './options.ts';
import { FIRST_BY, type KeyRecord, type RowItem, type State } from './state.ts';

/** Requests that can change something, by the step that sends them. */
export const operations = [
  'L1',
  'W2',
  'W2a',
  'W2b',
  'W2c',
  'W2d',
  'W3',
  'W4',
  'untag',
  'B1',
  'B2',
  'S3',
  'S5',
  'R1',
  'R2',
] as const;
export type Operation = (typeof operations)[number];

export interface Request {
  readonly operation: Operation;
  readonly invocation: number;
  readonly generation: number;
  readonly blob: number;
  readonly expected: number;
}

export type Reply =
  | { readonly kind: 'ok' | 'exists' | 'refused' | 'busy' | 'reused' | 'no row' | 'no such upload' }
  | { readonly kind: 'claimed' | 'fenced'; readonly generation: number }
  | { readonly kind: 'committed'; readonly blob: number; readonly by: number }
  | { readonly kind: 'row is there'; readonly blob: number; readonly by: number };

const ok: Reply = { kind: 'ok' };

/** A request as a word: 5 bits of operation, 4 of invocation and generation each, 6 of each blob. */
export function pack({ operation, invocation, generation, blob, expected }: Request): number {
  return (
    operations.indexOf(operation) | (invocation << 5) | (generation << 9) | (blob << 13) | (expected << 19)
  );
}

export function unpack(word: number): Request {
  return {
    operation: operations[word & 31] ?? 'W2',
    invocation: (word >>> 5) & 15,
    generation: (word >>> 9) & 15,
    blob: (word >>> 13) & 63,
    expected: (word >>> 19) & 63,
  };
}

export interface Services {
  apply(state: State, request: Request, how?: { readonly leaseExpired: boolean }): Reply;
  /** Whether a request in flight can never change anything again. */
  spent(state: State, request: Request): boolean;
  recordOf(state: State, invocation: number): KeyRecord;
  /** The row this invocation is about, as it is now. */
  rowOf(state: State, invocation: number, blob: number): RowItem;
  payloadOf(by: number): number;
  keyOf(by: number): number;
  /** Whether a row refers to the blob. */
  isLive(state: State, blob: number): boolean;
}

const noRow: RowItem = { blob: 0, by: 0 };

function recordAt(state: State, key: number): KeyRecord {
  const record = state.records[key];
  if (!record) throw new RangeError(`there is no key ${key}`);
  return record;
}

/** W4, S5, R1. */
function remove(state: State, { blob }: Request): Reply {
  state.bucket[blob] = 0;
  state.tagged &= ~(1 << blob);
  return ok;
}

/** W2d: the parts are gone; what was completed stays. */
function abort(state: State, { blob }: Request): Reply {
  state.uploads[blob] = 0;
  return ok;
}

function canExpire({ budget }: State): boolean {
  return budget.expiries > 0;
}

function set(record: KeyRecord, state: KeyRecord['state'], blob: number, by: number): void {
  record.state = state;
  record.blob = blob;
  record.by = by;
}

export function servicesOf(names: Names, settings: Settings): Services {
  const firstPayload = names.payloads.length - 1;
  const firstKey = names.keys.indexOf('K0');

  const recordOf = (state: State, invocation: number): KeyRecord =>
    recordAt(state, names.keyOf[invocation] ?? 0);
  const rowOf = (state: State, invocation: number, blob: number): RowItem =>
    state.rows[names.rowFor(invocation, blob)] ?? noRow;
  const payloadOf = (by: number): number => (by === FIRST_BY ? firstPayload : (names.payloadOf[by - 1] ?? 0));
  const keyOf = (by: number): number => (by === FIRST_BY ? firstKey : (names.keyOf[by - 1] ?? 0));

  /** W2, B2: PutObject with If-None-Match. The name says the content, so that "exists" means: this very content. */
  function put(state: State, { invocation, blob }: Request): Reply {
    if (settings.ifNoneMatch && state.bucket[blob] !== 0) return { kind: 'exists' };
    state.bucket[blob] = names.payloadOf[invocation] ?? 0;
    if (settings.pendingTag) state.tagged |= 1 << blob;
    return ok;
  }

  /** W2c: the object appears with all its parts or not at all. */
  function complete(state: State, request: Request): Reply {
    if (state.uploads[request.blob] !== 1 + settings.parts) return { kind: 'no such upload' };
    const reply = put(state, request);
    if (reply.kind === 'ok') state.uploads[request.blob] = 0;
    return reply;
  }

  function uploadPart(state: State, { blob }: Request): Reply {
    const parts = state.uploads[blob] ?? 0;
    if (parts === 0) return { kind: 'no such upload' };
    state.uploads[blob] = Math.min(parts + 1, 1 + settings.parts);
    return ok;
  }

  /** L1: taken where nobody has it, the holder is asking again, or the lease has run out. */
  function claim(state: State, { invocation }: Request, leaseExpired: boolean): Reply {
    const record = recordOf(state, invocation);
    if (record.state === 'C') return { kind: 'committed', blob: record.blob, by: record.by };
    const held = record.state === 'L' && record.by !== invocation + 1;
    if (held && !leaseExpired) return { kind: 'busy' };
    set(record, 'L', 0, invocation + 1);
    return { kind: 'claimed', generation: record.generation };
  }

  /** B1: names the blob the client may upload. The same key gets the same name again. */
  function begin(state: State, { invocation, generation, blob }: Request): Reply {
    const record = recordOf(state, invocation);
    const by = (names.alike[invocation] ?? 0) + 1;
    if (record.state === 'C') return { kind: 'committed', blob: record.blob, by: record.by };
    if (record.state === 'L' && payloadOf(record.by) !== payloadOf(by)) return { kind: 'reused' };
    if (settings.fence && record.generation !== generation)
      return { kind: 'fenced', generation: record.generation };
    set(record, 'L', blob, by);
    return ok;
  }

  /** W3: the record and the row, both or none. */
  function commit(state: State, { invocation, generation, blob, expected }: Request): Reply {
    const record = recordOf(state, invocation);
    // A committed key takes effect no second time (I2, I3), and not with another payload (I6).
    if (settings.records && record.state === 'C')
      return { kind: 'committed', blob: record.blob, by: record.by };
    // A blob of a generation that a sweeper has fenced may be gone any moment (I1).
    if (settings.fence && record.generation !== generation)
      return { kind: 'fenced', generation: record.generation };

    const row = rowOf(state, invocation, blob);
    const kind = names.invocations[invocation]?.kind;
    if (kind === 'replace' || kind === 'remove') {
      if (row.by === 0) return { kind: 'no row' };
      // The blob that is retired must be the one the row refers to now (I4).
      if (settings.rowCondition && row.blob !== expected)
        return { kind: 'row is there', blob: row.blob, by: row.by };
      state.replaced |= 1 << row.blob;
      state.retired |= 1 << expected;
    } else if (row.by !== 0 && settings.rowIds === 'key')
      // A row outlives its record: it still says that the key was used (I2).
      return { kind: 'row is there', blob: row.blob, by: row.by };

    const by = (names.alike[invocation] ?? 0) + 1;
    row.blob = blob;
    row.by = kind === 'remove' ? 0 : by;
    if (settings.records) set(record, 'C', blob, by);
    const key = names.keyOf[invocation] ?? 0;
    state.effects[key] = Math.min(2, (state.effects[key] ?? 0) + 1);
    return ok;
  }

  /** S3: from here on no commit can newly refer to blobs of this generation. */
  function fence(state: State, { generation, blob }: Request): Reply {
    const record = recordAt(state, names.blobs[blob]?.key ?? 0);
    if (record.state === 'C') return { kind: 'committed', blob: record.blob, by: record.by };
    if (record.generation > generation) return { kind: 'refused' };
    record.generation = generation + 1;
    set(record, 'F', 0, 0);
    return ok;
  }

  const effects: Record<Operation, (state: State, request: Request, leaseExpired: boolean) => Reply> = {
    L1: claim,
    W2: put,
    W2a: (state, { blob }) => {
      state.uploads[blob] = 1;
      return ok;
    },
    W2b: uploadPart,
    W2c: complete,
    W2d: abort,
    W3: commit,
    W4: remove,
    untag: (state, { blob }) => {
      state.tagged &= ~(1 << blob);
      return ok;
    },
    B1: begin,
    B2: put,
    S3: fence,
    S5: remove,
    R1: remove,
    R2: (state, { blob }) => {
      state.retired &= ~(1 << blob);
      return ok;
    },
  };

  return {
    apply: (state, request, how) => effects[request.operation](state, request, how?.leaseExpired === true),
    spent: (state, { operation, invocation, generation }) => {
      if (operation !== 'W3' && operation !== 'B1') return false;
      const record = recordOf(state, invocation);
      if (settings.records && record.state === 'C') return !canExpire(state);
      return settings.fence && record.generation > generation && !canExpire(state);
    },
    recordOf,
    rowOf,
    payloadOf,
    keyOf,
    isLive: (state, blob) => state.rows.some((row) => row.by !== 0 && row.blob === blob),
  };
}
