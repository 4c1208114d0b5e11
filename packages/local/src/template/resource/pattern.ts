/**
 * Patterns of events and of filters, checked before anything is started.
 *
 * @module
 */
import { eventPattern } from '../../mapping/pattern.ts';

/** What is wrong with a pattern and where in it; undefined for one that can be matched. */
export function patternFault(pattern: unknown): string | undefined {
  try {
    eventPattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
