/**
 * What a cron handler says of itself, as plain data: template checks read it.
 *
 * @module
 */
import type { Schema } from '../handler/schema.ts';

/** What a cron handler is and what it needs around it. */
export interface CronManifest {
  readonly trigger: 'cron';
  readonly service: string | undefined;
  /**
   * - `SlotInInput`: a Scheduler schedule's `Input` has to carry the slot; rules send it by themselves
   * - `OnFailure`: an on-failure destination or a dead-letter queue of the function, or a slot that failed three
   *   times is gone
   */
  readonly needs: readonly ('SlotInInput' | 'OnFailure')[];
  /** The schedule's name; `undefined` where its ARN gives it. */
  readonly schedule: string | undefined;
  /** As it is to stand in the template; `undefined` where the handler does not say. */
  readonly expression: string | undefined;
  readonly timezone: string | undefined;
  /** Whether slots are run once: it needs its store's table. */
  readonly once: boolean;
  /** Schema of the input, as given. */
  readonly input: Schema | undefined;
}
