/**
 * What tells a retry from another request under the same key.
 *
 * @module
 */
import { fingerprintOf } from '../idempotency/key.ts';
import type { RowKey } from './types.ts';

/** What must be the same. Not what a retry sees otherwise than the first attempt did, such as the row it expects. */
export interface Fingerprinted {
  readonly operation: string;
  /** Of the row. Stores that keep their records in one table, and are asked under one key, must not answer for each other. */
  readonly table: string;
  readonly rowKey: RowKey;
  readonly fields: unknown;
  /** Of the body; `undefined` where there is none. */
  readonly sha256: string | undefined;
}

/**
 * The fingerprint of a request: a digest of its canonical JSON, in which fields may stand in any order.
 *
 * @throws TypeError when `fields` holds itself
 */
export function fingerprint({ operation, table, rowKey, fields, sha256 }: Fingerprinted): string {
  return fingerprintOf([operation, table, rowKey, fields ?? null, sha256 ?? null]);
}
