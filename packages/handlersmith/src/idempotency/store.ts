/**
 * Where claims on keys and the results of finished work are kept.
 *
 * @module
 */
import { once, type OnceCall, type OnceOutcome } from './once.ts';
import { checkTerms } from './options.ts';

/** What is kept of a finished execution. */
export type StoredResult =
  /** A value, as JSON text. */
  | { readonly kind: 'value'; readonly json: string }
  /** The work returned nothing. */
  | { readonly kind: 'nothing' }
  /** The work was done, but what it returned could not be kept: too large, or no JSON. */
  | { readonly kind: 'unavailable' };

/** What became of a claim. `fingerprint` is that of the payload the key was first used with. */
export type Claim =
  | { readonly kind: 'claimed'; readonly token: string }
  | { readonly kind: 'done'; readonly result: StoredResult; readonly fingerprint: string | undefined }
  /** Somebody else is at work; `retryAfter`: milliseconds until their lease ends, if they do not finish before. */
  | { readonly kind: 'inProgress'; readonly retryAfter: number; readonly fingerprint: string | undefined };

/** What a claim says of itself. */
export interface ClaimRequest {
  /** Of the payload, to tell another request under the same key. */
  readonly fingerprint: string | undefined;
  /** Milliseconds after which a claim that was neither completed nor released is void: its owner has crashed. */
  readonly lease: number;
  /** Ends the waiting for an answer. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A store whose writes are fenced: each claim has a token of its own, and whoever holds an older one changes nothing.
 */
export interface FencedStore {
  /**
   * Takes a key, unless it is done or somebody holds it. Of any number at once, exactly one gets it.
   *
   * @throws whatever keeps the store from answering; nothing may be assumed then
   */
  claim(key: string, request: ClaimRequest): Promise<Claim>;
  /**
   * Turns a claim into a result.
   *
   * @param ttl - seconds for which the result is kept
   * @returns `false` when the claim is no longer the token's: nothing was changed
   */
  complete(key: string, token: string, result: StoredResult, ttl: number): Promise<boolean>;
  /**
   * Gives a claim up, so that the next attempt may have it at once.
   *
   * @returns `false` when the claim is no longer the token's: nothing was changed
   */
  release(key: string, token: string): Promise<boolean>;
  /** Bytes that a result's JSON may have. Default: no limit. */
  readonly resultLimit?: number | undefined;
}

/** What handlers take as `store`: `dynamoStore(…)`, `memoryStore()`, or one of your own by {@link customStore}. */
export interface IdempotencyStore extends FencedStore {
  /** Runs work once per key. Called by the handler factories. */
  once<T>(call: OnceCall<T>): Promise<OnceOutcome<T>>;
  /** Checks the options it is given with. Called by the handler factories. */
  check(owner: string, options: object): void;
}

/**
 * Makes a store of your own fit for handlers. It brings the code that uses a store along, so that handlers without
 * idempotency do not carry it.
 *
 * @param store - claims, completes and releases; held to its contract by your tests
 * @example
 * const store = customStore({ claim, complete, release });
 */
export function customStore(store: FencedStore): IdempotencyStore {
  return {
    claim: (key, request) => store.claim(key, request),
    complete: (key, token, result, ttl) => store.complete(key, token, result, ttl),
    release: (key, token) => store.release(key, token),
    resultLimit: store.resultLimit,
    once: (call) => once(store, call),
    check: (owner, options) => checkTerms(owner, options),
  };
}
