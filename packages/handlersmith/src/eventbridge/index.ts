/**
 * Handlers of EventBridge events, by source and detail type.
 *
 * @module
 */
export type { AnyEvent } from './event.ts';
export { type EventBridgeHandler, eventBridgeHandler, type EventBridgeHandlerFactory } from './handler.ts';
export type { EventBridgeInput } from './input.ts';
export type { EventBridgeManifest } from './manifest.ts';
export { type EventFunction, type EventKind, on } from './on.ts';
export type { EventBridgeOptions, EventIdempotency, IdempotentEvent } from './options.ts';
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
