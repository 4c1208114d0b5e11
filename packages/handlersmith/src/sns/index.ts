/**
 * Handlers of messages that SNS topics send to Lambda.
 *
 * @module
 */
export { type SnsHandler, snsHandler, type SnsHandlerFactory } from './handler.ts';
export type { SnsInput } from './input.ts';
export type { SnsManifest } from './manifest.ts';
export type {
  IdempotentNotification,
  MessageOf,
  SnsIdempotency,
  SnsIdempotencyOf,
  SnsOptions,
} from './options.ts';
export type { AttributeValue, MessageAttributes } from '../messages/attributes.ts';
export { RecordsFailed } from '../records/failed.ts';
export { permanent, PermanentFailure, skipped, Skipped } from '../records/outcome.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
export type { CompiledSchema, InputOf, Issue, OutputOf, Schema, StandardSchema } from '../handler/schema.ts';
