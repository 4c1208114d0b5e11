import { hasMethod, isObject } from '../handler/object.ts';
/**
 * The `idempotency` option of the handler factories.
 *
 * @module
 */
import { callback, checkOptions, flag, type OptionRule, type OptionRules } from '../handler/options.ts';
import type { IdempotencyKey } from './key.ts';
import type { IdempotencyStore } from './store.ts';

/** One execution per key. */
export interface IdempotencyOptions<Input> {
  /** Where keys and results are kept: `dynamoStore(…)`. */
  readonly store: IdempotencyStore;
  /**
   * What tells one piece of work from another: an id of the business, or several that are one together. Never a whole
   * record, in which something changes from delivery to delivery. Asked once, before the work can change its input.
   */
  readonly key: (input: Input) => IdempotencyKey;
  /** What must be the same whenever the key is: the same key with another payload is refused. */
  readonly payload?: (input: Input) => unknown;
  /** Seconds for which a result is replayed. Default 86,400, a day. */
  readonly ttl?: number;
  /** Whether work without a key is refused. Default `true`; `false` runs it unprotected. */
  readonly required?: boolean;
  /**
   * Milliseconds after which the claim of an owner that crashed is void. Default, and at most: what the invocation
   * has left, since nothing of it runs any longer.
   */
  readonly lease?: number;
  /** The namespace of the keys. Default: the function's name and what it serves. */
  readonly operation?: string;
}

/** A day. */
const DEFAULT_TTL_SECONDS = 86_400;

/** With the digest of a key behind it, it has to fit a sort key's 1,024 bytes. */
const LONGEST_OPERATION = 900;

/** Lambda's longest run. */
const LONGEST_LEASE_MS = 900_000;

/** The rule for a store. */
export const storeRule: OptionRule = {
  expected: 'a store, such as dynamoStore({ tableName }) or customStore(store)',
  accepts: (value) => hasMethod(value, 'once'),
};

/** The rule for the time that a result is kept. */
export const ttlRule: OptionRule = {
  expected: 'a number of seconds, more than 0',
  accepts: (value) => Number.isFinite(value) && Number(value) > 0,
};

/** Rules of {@link IdempotencyOptions}. */
export const idempotencyRules: OptionRules = {
  store: storeRule,
  key: callback,
  payload: callback,
  ttl: ttlRule,
  required: flag,
  lease: {
    expected: 'a number of milliseconds, more than 0',
    accepts: (value) => Number.isFinite(value) && Number(value) > 0,
  },
  operation: {
    // In full: bundlers keep a table that calls for a value, used or not.
    expected: 'a name of 1 to 900 bytes',
    accepts: (value) =>
      typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= LONGEST_OPERATION,
  },
};

/** The rule for an option `idempotency`; what is in it is for {@link checkIdempotency} to look at. */
export const idempotencyRule: OptionRule = {
  expected: 'an object such as { store: dynamoStore({ tableName }), key: (input) => … }',
  accepts: (value) => isObject(value) && !Array.isArray(value),
};

/**
 * Refuses wrong options. All but the store are for the store to look at: it brings the code along, so that handlers
 * without idempotency do not carry it.
 *
 * @param owner - whose options these are, for messages
 * @throws TypeError naming the option
 */
export function checkIdempotency(owner: string, options: { readonly store?: IdempotencyStore }): void {
  const { store } = options;
  demand(owner, 'store', store, storeRule);
  store?.check(owner, options);
}

/**
 * What a store checks of the options it is given with.
 *
 * @param owner - whose options these are, for messages
 * @throws TypeError naming the option
 */
export function checkTerms(owner: string, options: object, rules: OptionRules = idempotencyRules): void {
  checkOptions(owner, options, rules);
  demand(owner, 'key', Reflect.get(options, 'key'), callback);
}

/** Refuses an option that is not there, or not what it must be. */
export function demand(owner: string, name: string, value: unknown, { accepts, expected }: OptionRule): void {
  if (accepts(value)) return;
  const missing = value === undefined ? 'is missing; it ' : '';
  throw new TypeError(`${owner}: option "${name}" ${missing}must be ${expected}`);
}

/** What the options say, defaults filled in. */
export interface Terms {
  readonly required: boolean;
  readonly ttl: number;
}

export function termsOf(options: { readonly required?: boolean; readonly ttl?: number }): Terms {
  return { required: options.required ?? true, ttl: options.ttl ?? DEFAULT_TTL_SECONDS };
}

/**
 * Milliseconds a claim may hold.
 *
 * @param asked - as the options say
 * @param left - until Lambda ends the invocation
 */
export function leaseOf(asked: number | undefined, left: number): number {
  return Math.max(1, Math.min(asked ?? Infinity, left, LONGEST_LEASE_MS));
}
