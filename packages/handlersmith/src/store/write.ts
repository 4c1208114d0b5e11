/**
 * What all writes have in common: how they begin, and how they end.
 *
 * @module
 */
import { Attempt } from './attempt.ts';
import { InProgress, KeyMissing, OutcomeUnknown, RowConflict, RowMissing } from './errors.ts';
import { fingerprinting } from './fingerprint.ts';
import { giveLeaseBack, type Leased, takeLease } from './lease.ts';
import { isRowKey, writeName } from './names.ts';
import { readRecord, type WriteRecord } from './record.ts';
import { ATTRIBUTE } from './row.ts';
import type { Settings } from './settings.ts';
import type { RowKey, WriteRequest } from './types.ts';

/** Drafts that one attempt makes at most: each further one means that somebody was faster. */
export const MOST_ROUNDS = 5;

/** A write under way. */
export interface Write {
  readonly attempt: Attempt;
  readonly settings: Settings;
  readonly request: Pick<WriteRequest, 'logger'>;
  /** The same for every attempt. */
  readonly name: string;
  readonly id: string;
  readonly rowKey: RowKey;
  /** Of the body; an empty one, which browsers give what they do not know, is none. */
  readonly contentType: string | undefined;
  /** Of the request, once the checksum of its body is known. */
  readonly fingerprint: (sha256: string | undefined) => string;
}

/**
 * Begins an attempt.
 *
 * @param method - the operation, where the request names none
 * @param request - with the content type of its body, where it has one
 * @param id - of the row; `undefined` for the one derived from the key
 * @throws KeyMissing
 * @throws TypeError for a request that makes no sense
 */
export function beginWrite(
  settings: Settings,
  method: string,
  request: WriteRequest & { readonly contentType?: string | undefined },
  id: string | undefined,
): Write {
  const { operation = method, scope, idempotencyKey, fields } = request;
  const contentType = request.contentType === '' ? undefined : request.contentType;
  mustBeText('operation', operation);
  mustBeText('scope', scope);
  const key: unknown = idempotencyKey; // whatever a header, or an untyped caller, gives
  if (key === undefined || key === null || key === '') throw new KeyMissing(operation);
  mustBeText('idempotencyKey', key);
  if (id !== undefined) mustBeText('id', id);
  if (contentType !== undefined) mustBeHeader(contentType);
  const name = writeName(scope, key);
  const rowId = id ?? name;
  const rowKey = rowKeyOf(settings, operation, rowId, scope);
  return {
    attempt: new Attempt(settings, operation, request),
    settings,
    request,
    name,
    id: rowId,
    rowKey,
    contentType,
    fingerprint: fingerprinting({ operation, table: settings.table, rowKey, fields, contentType }),
  };
}

function mustBeText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`blobStore: ${name} must be a non-empty string, got ${kindOf(value)}`);
  // In UTF-8, which digests and tables are made of, all such texts would be the same.
  if (!value.isWellFormed())
    throw new TypeError(`blobStore: ${name} must be well-formed text, got half of a surrogate pair`);
}

/** A request with other characters in it would not leave. */
function mustBeHeader(contentType: unknown): void {
  if (typeof contentType !== 'string' || !/^[\x20-\x7e]+$/.test(contentType))
    throw new TypeError('blobStore: contentType must be a text of printable ASCII characters');
}

function kindOf(value: unknown): string {
  if (value === '') return 'an empty one';
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}

function rowKeyOf(settings: Settings, operation: string, id: string, scope: string): RowKey {
  const rowKey: unknown = settings.rowKey(id, scope);
  if (!isRowKey(rowKey)) {
    throw new TypeError(
      `${operation}: rowKey() must give the key of a row: an object of one or two attributes, each a text or a number`,
    );
  }
  const taken = Object.values(ATTRIBUTE).find((name) => Object.hasOwn(rowKey, name));
  if (taken !== undefined)
    throw new TypeError(`${operation}: rowKey() must not give "${taken}": the store writes it`);
  return rowKey;
}

/**
 * W1, or L1 where there are leases: what is known of the write before anything is sent.
 *
 * @throws InProgress
 */
export async function firstLook(write: Write): Promise<WriteRecord | undefined> {
  const leased = leaseOf(write);
  if (leased !== undefined) return takeLease(leased);
  return write.settings.probe ? readRecord(write.attempt, 'W1', write.name, write.rowKey) : undefined;
}

/**
 * Does the work of a write; tells of a failure, and gives the lease back for the next attempt.
 *
 * @param work - the steps between the first look and the answer
 */
export async function concluding<Result>(write: Write, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    tellOf(write, error);
    // Who was turned away has none to give.
    if (!(error instanceof InProgress)) await giveBack(write);
    throw error;
  }
}

/** Gives the lease back, where there are leases. */
export async function giveBack(write: Write): Promise<void> {
  const leased = leaseOf(write);
  if (leased !== undefined) await giveLeaseBack(leased);
}

function leaseOf({ attempt, name, rowKey, settings: { lease, records } }: Write): Leased | undefined {
  if (lease === undefined || records === undefined) return undefined;
  return { attempt, records, write: name, rowKey, lease };
}

function tellOf({ settings, request, id, attempt: { operation } }: Write, error: unknown): void {
  if (error instanceof OutcomeUnknown) {
    settings.emit({ type: 'outcomeUnknown', operation, id, step: error.step }, request.logger);
  } else if (error instanceof RowConflict || error instanceof RowMissing) {
    settings.emit({ type: 'conflict', operation, id, status: error.statusCode }, request.logger);
  }
}

/** Tells that the sweep was faster. */
export function tellFenced(
  { settings, request, id, attempt: { operation } }: Write,
  generation: number,
): void {
  settings.emit({ type: 'fenced', operation, id, generation }, request.logger);
}
