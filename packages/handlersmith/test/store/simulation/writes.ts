/**
 * The writes of a simulation, and the ledger that each of them goes into.
 *
 * @module
 */
import type { BlobReference, BlobStore, TransactionItem, WriteResult } from '../../../src/store/index.ts';
import { LEDGER } from './names.ts';
import type { Task } from './task.ts';

/** The key attributes of a row. */
export type RowName = Readonly<Record<'scope' | 'id', string>>;

export type Store = BlobStore<RowName>;

/** What a client asks for. */
export interface Ask {
  readonly kind: 'create' | 'replace' | 'remove';
  readonly key: string;
  /** Tells requests under one key apart: it is the body, and the title of the row. */
  readonly payload: string;
  /** The row's; without it the one derived from the key. */
  readonly id?: string | undefined;
  /** Whether the body is a stream: `parts` for one that takes several. */
  readonly as?: 'bytes' | 'stream' | 'parts' | 'upload' | undefined;
  /** With an upload: whether S3's event completes it, and not the client. */
  readonly told?: boolean | undefined;
}

/** What a client was told. */
export interface Answer {
  readonly id: string;
  readonly title?: string;
  readonly blob?: string | null;
}

/** One effect, as it stands in the ledger: written by the transaction that it is. */
export interface Effect {
  readonly key: string;
  readonly kind: Ask['kind'];
  readonly payload: string;
  readonly blob: string | null;
}

/** The bytes of a request. */
export function bodyOf({ key, payload, as = 'bytes' }: Ask): Uint8Array {
  const text = new TextEncoder().encode(`${payload} of ${key}. `.repeat(5));
  if (as !== 'parts') return text;
  const bytes = new Uint8Array(PART + 7).fill(text[0] ?? 0);
  bytes.set(text);
  return bytes;
}

/** Bytes of a part: the least that S3 takes. */
const PART: number = 5 * 1024 ** 2;

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // oxlint-disable-next-line no-await-in-loop -- a source that takes its time
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** What a store of a simulation is like, as far as writes are concerned. */
export interface Setting {
  readonly store: Store;
  readonly scope: string;
  /** A compact store has no transaction, and so no ledger. */
  readonly compact: boolean;
}

/** Asks once. */
export async function ask(
  { store, scope, compact }: Setting,
  what: Ask,
  task: Pick<Task, 'controller' | 'remaining'>,
): Promise<WriteResult<Answer, BlobReference | undefined>> {
  const { kind, key, payload, id } = what;
  const request = {
    scope,
    idempotencyKey: key,
    fields: { payload },
    signal: task.controller.signal,
    remaining: () => task.remaining,
  };
  if (kind === 'remove') {
    return store.remove({
      ...request,
      id: id ?? '',
      respond: (row): Answer => ({ id: row.id, blob: row.blob?.key ?? null }),
      also: (row) => [entryOf(what, row, row.blob?.key ?? null)],
    });
  }
  const bytes = bodyOf(what);
  const body = what.as === undefined || what.as === 'bytes' ? bytes : chunksOf(bytes, 1024 ** 2);
  const write = {
    ...request,
    body,
    row: () => ({ title: payload }),
    respond: (row: RowName & { title: string; blob: BlobReference }): Answer => ({
      id: row.id,
      title: row.title,
      blob: row.blob.key,
    }),
    ...(compact
      ? {}
      : { also: (row: RowName & { blob: BlobReference }) => [entryOf(what, row, row.blob.key)] }),
  };
  return kind === 'create'
    ? store.create({ ...write, ...(id === undefined ? {} : { id }) })
    : store.replace({ ...write, id: id ?? '' });
}

/** The ledger's entry of a request that takes effect. */
export function entryOf({ key, kind, payload }: Ask, row: RowName, blob: string | null): TransactionItem {
  return ledgerItem(row, { key, kind, payload, blob });
}

/** Adds an effect to the ledger of its row, in the order they took place. */
function ledgerItem({ scope, id }: RowName, effect: Effect): TransactionItem {
  return {
    Update: {
      TableName: LEDGER,
      Key: { scope: { S: scope }, id: { S: id } },
      UpdateExpression: 'SET effects = list_append(if_not_exists(effects, :none), :one)',
      ExpressionAttributeValues: { ':none': { L: [] }, ':one': { L: [{ S: JSON.stringify(effect) }] } },
    },
  };
}
