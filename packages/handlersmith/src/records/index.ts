/**
 * The batch engine: what runs when, and what became of it.
 *
 * @module
 */
export { type Outcome, permanent, PermanentFailure, skipped, Skipped } from './outcome.ts';
export { type Order, schedule, type Schedule } from './schedule.ts';
