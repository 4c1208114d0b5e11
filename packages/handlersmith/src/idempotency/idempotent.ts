/**
 * `idempotent`: one execution per key, for any function.
 *
 * @module
 */
import { callback, type OptionRules, text } from '../handler/options.ts';
import { readJson, type Replayable, writeJson } from './json.ts';
import type { IdempotencyKey } from './key.ts';
import type { OnceOutcome } from './once.ts';
import { checkTerms, demand, idempotencyRules, leaseOf, storeRule, termsOf } from './options.ts';
import type { IdempotencyStore } from './store.ts';

/** How {@link idempotent} runs a function once. */
export interface IdempotentOptions<Parameters extends readonly unknown[]> {
  /** Where keys and results are kept: `dynamoStore(…)`. */
  readonly store: IdempotencyStore;
  /** The namespace of the keys: keys of one operation never meet those of another. */
  readonly operation: string;
  /** What tells one piece of work from another. Asked once, before the function can change its arguments. */
  readonly key: (...parameters: Parameters) => IdempotencyKey;
  /** What must be the same whenever the key is: the same key with another payload is refused. */
  readonly payload?: (...parameters: Parameters) => unknown;
  /** Seconds for which a result is replayed. Default 86,400, a day. */
  readonly ttl?: number;
  /** Whether a call without a key is refused. Default `true`; `false` runs it unprotected. */
  readonly required?: boolean;
  /**
   * Milliseconds after which the claim of an owner that crashed is void; a function of the arguments may give what
   * the invocation has left. Default 900,000, as long as any function can run: longer than the work takes it must be.
   */
  readonly lease?: number | ((...parameters: Parameters) => number);
  /** Told what is wrong and yet no failure of the work: a result that cannot be kept. Default: a Node.js warning. */
  readonly warn?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

const rules: OptionRules = {
  ...idempotencyRules,
  lease: {
    expected: 'a number of milliseconds, more than 0, or a function that gives one',
    accepts: (value) => typeof value === 'function' || (typeof value === 'number' && value > 0),
  },
  warn: callback,
};

/**
 * Makes a function run once per key. Whoever calls it again gets what the first call returned; whoever calls it while
 * it runs is told to come back. If it throws, the key is free again.
 *
 * What it returns goes through JSON, for the first caller as for later ones.
 *
 * @param work - any function; one that returns nothing is replayed too
 * @param options - `store`, `operation` and `key` are required
 * @returns a function of the same arguments
 * @throws TypeError, now and not in production, naming the wrong option
 * @example
 * const charge = idempotent(chargeCard, {
 *   store: dynamoStore({ tableName: 'idempotency' }),
 *   operation: 'charge',
 *   key: (order) => order.id,
 *   payload: (order) => order.total,
 * });
 */
export function idempotent<Parameters extends readonly unknown[], Result>(
  work: (...parameters: Parameters) => Result,
  options: IdempotentOptions<Parameters>,
): (...parameters: Parameters) => Promise<Replayable<Awaited<Result>>> {
  if (typeof work !== 'function')
    throw new TypeError(`idempotent: expected a function to run, got ${typeof work}`);
  checkTerms('idempotent', options, rules);
  demand('idempotent', 'store', options.store, storeRule);
  demand('idempotent', 'operation', options.operation, text);
  const { store, operation, lease, warn = emitWarning } = options;

  return async (...parameters) => {
    const outcome = await store.once<unknown>({
      operation,
      ...termsOf(options),
      key: options.key(...parameters),
      payload: options.payload?.(...parameters),
      lease: leaseOf(typeof lease === 'function' ? lease(...parameters) : lease, Infinity),
      run: () => work(...parameters),
      write: writeJson,
      read: readJson,
      warn,
    });
    // The JSON of what `work` returned.
    return valueOf(outcome) as Replayable<Awaited<Result>>;
  };
}

/**
 * The value of an outcome.
 *
 * @throws what stands in the way of one
 */
export function valueOf<T>(outcome: OnceOutcome<T>): T {
  if ('value' in outcome) return outcome.value;
  throw outcome.error;
}

function emitWarning(message: string, fields: Readonly<Record<string, unknown>>): void {
  const { error, operation } = fields;
  const detail = error instanceof Error ? `: ${error.name}: ${error.message}` : '';
  process.emitWarning(`${String(operation)}: ${message}${detail}`, 'IdempotencyWarning');
}
