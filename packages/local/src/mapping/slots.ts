/**
 * When a schedule of a template fires.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { schedule } from 'handlersmith/cron';
import type { Schedule } from 'handlersmith/cron';

/**
 * @param timezone - means nothing to a rate; AWS takes it there all the same
 * @throws TypeError that says what is wrong with the expression
 */
export function slotsOf(expression: string, timezone: string): Schedule {
  const isPlain = timezone === 'UTC' || expression.startsWith('rate(');
  return schedule(expression, isPlain ? {} : { timezone });
}
