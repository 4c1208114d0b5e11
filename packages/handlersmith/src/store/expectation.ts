/**
 * What a row must be like to be replaced or removed.
 *
 * @module
 */
import { isObject } from '../handler/object.ts';
import { checkOptions, type OptionRules } from '../handler/options.ts';
import { RowConflict, RowMissing } from './errors.ts';
import type { ReadRow } from './row.ts';
import type { RowExpectation } from './types.ts';

const rules: OptionRules = {
  blobKey: { expected: 'a text', accepts: (value) => typeof value === 'string' },
  attributes: {
    expected: 'an object of texts, numbers, true and false',
    accepts: (value) => isObject(value) && !Array.isArray(value) && Object.values(value).every(isComparable),
  },
};

function isComparable(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/**
 * Refuses what cannot be meant: passed over, it would let anything be replaced.
 *
 * @throws TypeError naming what is wrong
 */
export function checkExpectation(operation: string, expectation: RowExpectation | undefined): void {
  if (expectation !== undefined) checkOptions(`${operation}: expect`, expectation, rules);
}

/**
 * What keeps a row from being changed.
 *
 * @throws TypeError for a row whose blob nobody could retire
 */
export function problemOf(
  operation: string,
  row: ReadRow | undefined,
  expectation: RowExpectation | undefined,
): RowConflict | RowMissing | undefined {
  if (row === undefined) return new RowMissing(operation);
  if (row.blob !== undefined && !isReference(row.blob))
    throw new TypeError(`${operation}: the row has an attribute "blob" that the store has not written`);
  if (expectation?.blobKey !== undefined && row.blob?.key !== expectation.blobKey)
    return new RowConflict(operation, 412);
  const others = Object.entries(expectation?.attributes ?? {}).some(([name, value]) => row[name] !== value);
  return others ? new RowConflict(operation, 412) : undefined;
}

/** Whoever else writes to the table may have put anything there. */
function isReference(value: unknown): boolean {
  if (!isObject(value)) return false;
  return ['bucket', 'key'].every((name) => typeof Reflect.get(value, name) === 'string');
}
