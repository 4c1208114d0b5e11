/**
 * One execution per key: for handlers by their option `idempotency`, for any function by {@link idempotent}.
 *
 * @module
 */
export { type DynamoClient, dynamoStore, type DynamoStoreOptions } from './dynamo.ts';
export {
  IdempotencyInProgress,
  IdempotencyKeyMissing,
  IdempotencyMismatch,
  IdempotencyResultUnavailable,
  IdempotencyStoreFailed,
} from './errors.ts';
export {
  type IdempotencyKeyHeader,
  idempotencyKeyHeader,
  type IdempotencyKeyHeaderOptions,
  type RequestHeaders,
} from './header.ts';
export { idempotent, type IdempotentOptions } from './idempotent.ts';
export type { Replayable } from './json.ts';
export type { IdempotencyKey, KeyPart } from './key.ts';
export { memoryStore } from './memory.ts';
export type { OnceCall, OnceOutcome } from './once.ts';
export type { IdempotencyOptions } from './options.ts';
export type {
  OrderOptions,
  OrderedCall,
  OrderedOutcome,
  OrderedStore,
  Turn,
  TurnRequest,
  TurnStore,
} from './order.ts';
export {
  type Claim,
  type ClaimRequest,
  customStore,
  type FencedStore,
  type IdempotencyStore,
  type StoredResult,
} from './store.ts';
