/**
 * What tells a retry from another request under the same key.
 *
 * @module
 */
import { isThenable } from '../handler/thenable.ts';
import { fingerprintOf } from '../idempotency/key.ts';
import type { RowKey } from './types.ts';

/** What must be the same. Not what a retry sees otherwise than the first attempt did, such as the row it expects. */
export interface Fingerprinted {
  readonly operation: string;
  /** Of the row. Stores that keep their records in one table, and are asked under one key, must not answer for each other. */
  readonly table: string;
  readonly rowKey: RowKey;
  readonly fields: unknown;
  /** Of the body. It is in the row, and readers of the object are told. */
  readonly contentType: string | undefined;
}

/**
 * Fingerprints of a request: digests of its canonical form, in which fields may stand in any order. `fields` are looked
 * at now and not again: what becomes of them while the write goes on changes nothing.
 *
 * @returns the fingerprint with a body of this SHA-256; `undefined` where there is none
 * @throws TypeError naming the part of `fields` that cannot be told from others, such as a promise
 */
export function fingerprinting({
  operation,
  table,
  rowKey,
  fields,
  contentType,
}: Fingerprinted): (sha256: string | undefined) => string {
  if (isThenable(fields)) throw new TypeError(`${operation}: fields is a promise; await it first`);
  const asked = fingerprintOf([
    operation,
    table,
    rowKey,
    contentType,
    fingerprintOf(fields, `${operation}: fields`),
  ]);
  return (sha256) => fingerprintOf([asked, sha256]);
}
