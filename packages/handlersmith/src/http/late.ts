/**
 * Work that would begin too late.
 *
 * @module
 */
import type { HttpExchange } from './exchange.ts';

/**
 * To be asked after each wait before the route's work: the caller has its 504 by then, and what begins now would run
 * in a later invocation, beside the caller's next try.
 *
 * @throws DeadlineReached once the deadline was reached
 */
export function refuseLate({ deadline }: HttpExchange): void {
  if (deadline.aborted) throw deadline.reason;
}
