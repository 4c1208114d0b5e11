/**
 * Handlers of SQS messages, producers of them, quarantine and redrive.
 *
 * @module
 */
export type { AttributeValue, MessageAttributes } from './attributes.ts';
export type { SqsClient } from './client.ts';
export { type SqsHandler, sqsHandler, type SqsHandlerFactory } from './handler.ts';
export type { SqsInput } from './input.ts';
export type { SqsManifest } from './manifest.ts';
export type { SnsNotification } from './notification.ts';
export type { IdempotencyOf, MessageOf, SqsKeyInput } from './once.ts';
export type { OnPermanent, ReadOptions, SqsOptions } from './options.ts';
export { quarantine, type Quarantine, type QuarantineOptions } from './quarantine.ts';
export {
  type FifoQueueOptions,
  type FifoSendOptions,
  queue,
  type Queue,
  type QueueHandlerOptions,
  type QueueOptions,
  type SendOptions,
} from './queue.ts';
export type { QuarantineReason } from './reason.ts';
export { type RedriveDecision, redriveHandler, type RedriveInput, type RedriveOptions } from './redrive.ts';
export type { Receipt } from './send.ts';
export { InvalidMessage, MessagesNotSent } from './unsent.ts';
export { permanent, PermanentFailure, skipped, Skipped } from '../records/outcome.ts';
export type {
  FunctionEnvironment,
  FunctionEnvironmentOf,
  FunctionInput,
  FunctionOptions,
} from '../handler/environment.ts';
export type { Merged } from '../handler/defaults.ts';
export type { IdempotencyOptions } from '../idempotency/options.ts';
export type { Middleware, MiddlewareRequest } from '../handler/middleware.ts';
export type { CompiledSchema, InputOf, Issue, OutputOf, Schema, StandardSchema } from '../handler/schema.ts';
