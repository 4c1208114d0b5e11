/**
 * Why a record was not taken, in words that are safe to log.
 *
 * @module
 */
import type { Issue } from '../handler/schema.ts';
import { withoutStack } from '../handler/stackless.ts';
import { permanent, type PermanentFailure } from './outcome.ts';

/** Issues told of one record: a list of a thousand entries may have a thousand. */
const MOST_ISSUES = 10;

/**
 * A record that will never be taken. Without a stack: where it was refused says nothing, and a poisoned batch has
 * thousands.
 *
 * @param reason - holds nothing of the record's values
 */
export function refused(reason: string): PermanentFailure {
  return withoutStack(() => permanent(reason));
}

/** What is wrong with a value: `/name: expected a string; /price: …`. */
export function inWords(issues: readonly Issue[]): string {
  const told = issues.slice(0, MOST_ISSUES).map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  const left = issues.length - told.length;
  return left > 0 ? `${told.join('; ')}; and ${left} more` : told.join('; ');
}
