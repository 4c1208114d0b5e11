/**
 * `sweepHandler`: what a store needs done from time to time.
 *
 * @module
 */
import { type CronHandler, cronHandler } from '../cron/handler.ts';
import type { CronOptions } from '../cron/options.ts';
import type { RetireOptions, RetireReport } from '../store/retire.ts';
import type { SweepOptions, SweepReport } from '../store/sweep-options.ts';

/** What {@link sweepHandler} takes: the options of `cronHandler`, and of the sweep. Everything has a default. */
export interface SweepHandlerOptions extends Omit<CronOptions, 'input'> {
  /** Milliseconds that a day must have been over before its blobs are looked at. Default 24 hours. */
  readonly grace?: number;
  /** Blobs looked at side by side. Default 16. */
  readonly concurrency?: number;
}

/** The part of a `BlobStore` that is used. */
export interface SweptStore {
  readonly compact: boolean;
  sweep(options: SweepOptions): Promise<SweepReport>;
  retire(options: RetireOptions): Promise<RetireReport>;
}

/**
 * Makes a Lambda handler that sweeps a store, and deletes the blobs of rows that were replaced or removed. What there
 * was no time for is left to the next run, which goes on there.
 *
 * Once a day is enough for most; once an hour deletes retired blobs sooner, and costs a listing of days more.
 *
 * @param store - what `blobStore` gave
 * @param options - of `cronHandler`; `grace` and `concurrency` of the sweep
 * @returns a plain `(event, context) => Promise` function, to be exported as the handler
 * @throws TypeError naming a wrong option
 * @example
 * export const handler = sweepHandler(photos, { schedule: 'sweep-photos' });
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html
 */
export function sweepHandler(store: SweptStore, options: SweepHandlerOptions = {}): CronHandler {
  const { grace, concurrency, ...cron } = options;
  const scope = {
    ...(grace === undefined ? {} : { grace }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
  return cronHandler(cron as CronOptions, async ({ signal, remaining, logger }) => {
    const time = { signal, remaining, logger };
    // First what is certain and short.
    const [retired] = await Promise.allSettled([store.compact ? undefined : store.retire(time)]);
    const swept = await store.sweep({ ...scope, ...time, resume: true });
    logger.info('swept', { swept, retired: retired.status === 'fulfilled' ? retired.value : undefined });
    if (retired.status === 'rejected') throw retired.reason;
  });
}
