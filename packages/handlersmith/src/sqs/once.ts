/**
 * The option `idempotency`: what its key is made of.
 *
 * @module
 */
import type { FunctionEnvironment } from '../handler/environment.ts';
import type { Schema } from '../handler/schema.ts';
import type { IdempotencyOptions } from '../idempotency/options.ts';
import type { SqsInput } from './input.ts';

/** What the key of a piece of work may be made of. */
export interface SqsKeyInput<M> extends Pick<
  SqsInput<{ readonly message: M }, FunctionEnvironment>,
  'message' | 'messageId' | 'groupId' | 'notification' | 'record'
> {
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The option `idempotency` of a handler whose messages have this schema. */
export interface IdempotencyOf<M extends Schema> {
  readonly message?: M;
  /**
   * Does each piece of work once, however often its messages come: a repeat is skipped, and one of work under way is
   * tried again later. The key is an id of the business where there is one, else `messageId`. Default: no store, work
   * is done as often as it comes.
   */
  readonly idempotency?: IdempotencyOptions<SqsKeyInput<M>>;
}

/** The schema of messages that a team's defaults have. */
export type MessageOf<Defaults> = Defaults extends { readonly message: infer M extends Schema } ? M : Schema;
