/**
 * Why a message was not taken, in words that are safe to log.
 *
 * @module
 */
import type { Issue } from '../handler/schema.ts';
import { withoutStack } from '../handler/stackless.ts';
import { permanent, type PermanentFailure } from '../records/outcome.ts';

/** Issues told of one message: a list of a thousand items may have a thousand. */
const MOST_ISSUES = 10;

/** A message that will never be taken. Its reason holds nothing of the body. */
export function refused(reason: string): PermanentFailure {
  return withoutStack(() => permanent(reason));
}

/** What is wrong with a value: `/name: expected a string; /price: …`. */
export function inWords(issues: readonly Issue[]): string {
  const told = issues.slice(0, MOST_ISSUES).map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  const left = issues.length - told.length;
  return left > 0 ? `${told.join('; ')}; and ${left} more` : told.join('; ');
}
