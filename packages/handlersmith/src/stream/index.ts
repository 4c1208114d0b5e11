/**
 * Handlers of DynamoDB streams and Kinesis, and the way back to records that were given up.
 *
 * @module
 */
export type { ChangeType, RawChange, StreamView } from './change.ts';
export {
  type DynamoDbStreamFailure,
  type KinesisStreamFailure,
  type LostBatch,
  parseStreamFailure,
  type StreamFailure,
} from './failure.ts';
export { type StreamHandler, streamHandler, type StreamHandlerFactory } from './handler.ts';
export type {
  Change,
  ChangeFacts,
  ChangeHandlers,
  Close,
  Inserted,
  Modified,
  Removed,
  StreamAnswer,
  StreamInput,
  StreamOutput,
  WindowInput,
} from './input.ts';
export {
  type KinesisHandler,
  kinesisHandler,
  type KinesisHandlerFactory,
  type KinesisHandlers,
  type KinesisInput,
} from './kinesis.ts';
export { lostRecords, type LostRecords, type LostRecordsOptions } from './lost.ts';
export type { StreamClient } from './shard.ts';
export type { BatchManifest, KinesisManifest, StreamManifest } from './manifest.ts';
export type { NumberFormat, NumberValue } from './number.ts';
export type {
  BatchOptions,
  KinesisOptions,
  StreamIdempotencyOptions,
  StreamKeyInput,
  StreamOptions,
} from './options.ts';
export type { IdempotencyKey, KeyPart } from '../idempotency/key.ts';
export type { IdempotencyOptions } from '../idempotency/options.ts';
export { type OwnWrites, ownWrites } from './own.ts';
export {
  type AttributeOutput,
  type EventAttribute,
  type Image,
  unmarshall,
  type UnmarshallOptions,
} from './unmarshall.ts';
export type { StreamWindow } from './window.ts';
export { permanent, PermanentFailure, skipped, Skipped } from '../records/outcome.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
export type { CompiledSchema, OutputOf, Schema, StandardSchema } from '../handler/schema.ts';
