/**
 * What a write will say, before it is committed: the row, the answer, and the checks of what the team's functions gave.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import { isThenable } from '../handler/thenable.ts';
import { writeJson } from '../idempotency/json.ts';
import { ATTRIBUTE } from './row.ts';
import type { Settings } from './settings.ts';
import type { BlobReference, RowContext, RowKey, TransactionItem } from './types.ts';

/** Items of a transaction, less the record, the row and the entry in the list of retired blobs. */
const MOST_ALSO = 97;

/** The functions of a write that say what becomes of its row. */
export interface Drafting {
  readonly row: (blob: BlobReference, context: RowContext) => object;
  readonly respond: (row: never) => unknown;
  readonly also?: ((row: never) => readonly TransactionItem[]) | undefined;
}

/**
 * The attributes that `row()` gives, checked.
 *
 * @throws TypeError for what is no object, and for attributes that are the store's
 */
export function attributesOf(
  operation: string,
  make: Drafting['row'],
  blob: BlobReference,
  context: RowContext,
  rowKey: RowKey,
): object {
  const given: unknown = make(blob, context);
  if (isThenable(given))
    throw new TypeError(
      `${operation}: row() gave a promise; what takes time is done before, row() only says what was found`,
    );
  if (!isObject(given) || Array.isArray(given)) {
    throw new TypeError(`${operation}: row() must give an object of attributes, got ${kindOf(given)}`);
  }
  for (const name of Object.values(ATTRIBUTE)) {
    if (Object.hasOwn(given, name))
      throw new TypeError(`${operation}: row() must not give "${name}": the store writes it`);
  }
  for (const [name, value] of Object.entries(rowKey)) {
    if (Object.hasOwn(given, name) && Reflect.get(given, name) !== value)
      throw new TypeError(`${operation}: row() gave another "${name}" than rowKey()`);
  }
  return given;
}

/**
 * The answer as JSON text; `undefined` for an answer of nothing.
 *
 * @throws TypeError for what JSON cannot hold, RangeError for more than can be kept: both before anything is committed
 */
export function responseText(
  settings: Settings,
  operation: string,
  respond: Drafting['respond'],
  row: object,
): string | undefined {
  const given: unknown = respond(row as never); // the row it was made for
  if (given === undefined) return undefined;
  if (isThenable(given)) throw new TypeError(`${operation}: respond() gave a promise; it must give JSON`);
  const json = jsonOf(operation, given);
  const bytes = Buffer.byteLength(json);
  const { maxResponseBytes } = settings.limits;
  if (bytes > maxResponseBytes) {
    throw new RangeError(
      `${operation}: respond() gave ${bytes} bytes of JSON where ${maxResponseBytes} can be kept (limits.maxResponseBytes). Nothing was written: answer with less.`,
    );
  }
  return json;
}

function jsonOf(operation: string, value: unknown): string {
  let json: string | undefined;
  try {
    json = writeJson(value);
  } catch (error) {
    throw new TypeError(`${operation}: respond() must give JSON`, { cause: error });
  }
  if (json === undefined) throw new TypeError(`${operation}: respond() must give JSON, got ${kindOf(value)}`);
  return json;
}

/** The further items of the transaction. */
export function alsoOf(operation: string, also: Drafting['also'], row: object): readonly TransactionItem[] {
  const items = also?.(row as never) ?? []; // the row it was made for
  if (!Array.isArray(items))
    throw new TypeError(`${operation}: also() must give a list of items, got ${kindOf(items)}`);
  if (items.length > MOST_ALSO)
    throw new RangeError(
      `${operation}: also() gave ${items.length} items; a transaction takes ${MOST_ALSO} more`,
    );
  return items as readonly TransactionItem[]; // looked at by the service
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
