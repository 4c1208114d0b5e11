/**
 * Handlers of S3 events: one object at a time, whatever carried the event.
 *
 * @module
 */
export type { S3ClientLike } from './client.ts';
export type { DirectEvent, S3TestEvent } from './event.ts';
export { RecordsFailed } from '../records/failed.ts';
export { ObjectGone, ObjectTooLarge } from './gone.ts';
export { type S3Handler, s3Handler, type S3HandlerFactory } from './handler.ts';
export type { S3Input } from './input.ts';
export { compareSequencers } from './key.ts';
export type { S3Manifest } from './manifest.ts';
export type { EventName, EventPattern, ObjectKind } from './names.ts';
export type { ObjectNotification, ObjectRecord } from './notification.ts';
export type { ObjectHead, ReadObjectOptions, S3Object } from './object.ts';
export type { On, S3IdempotencyOptions, S3Options } from './options.ts';
export { ObjectBusy } from './order.ts';
export { permanent, PermanentFailure, skipped, Skipped } from '../records/outcome.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
