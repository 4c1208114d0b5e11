/**
 * Handlers of schedules, of EventBridge rules and of EventBridge Scheduler, and checks of their expressions.
 *
 * @module
 */
export { SlotBusy, SlotMismatch } from './errors.ts';
export type { CronEvent, SlotEvent } from './event.ts';
export { type CronHandler, cronHandler, type CronHandlerFactory } from './handler.ts';
export type { CronInput } from './input.ts';
export type { CronManifest } from './manifest.ts';
export type { CronOptions } from './options.ts';
export { schedule, type Schedule, type ScheduleOptions } from './schedule.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
export type { CompiledSchema, InputOf, Issue, OutputOf, Schema, StandardSchema } from '../handler/schema.ts';
