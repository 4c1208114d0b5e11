/**
 * The sweep of a store as a handler of a schedule: `handlersmith/store/sweep`. Apart from `handlersmith/store`, so that
 * functions that write load nothing of schedules.
 *
 * @module
 */
export { sweepHandler, type SweepHandlerOptions, type SweptStore } from './handler.ts';
export type { CronHandler } from '../cron/handler.ts';
export type { CronManifest } from '../cron/manifest.ts';
export type { CronOptions } from '../cron/options.ts';
