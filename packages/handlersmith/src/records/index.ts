/**
 * The batch engine: what runs when, and what became of it.
 *
 * @module
 */
export type { Outcome } from './outcome.ts';
export { type Order, schedule } from './schedule.ts';
