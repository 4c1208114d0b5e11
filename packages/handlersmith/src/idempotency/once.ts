/**
 * One execution per key: claim, run, complete; or replay what is there.
 *
 * @module
 */
import type { LogFields } from '../observability/logger.ts';
import {
  IdempotencyInProgress,
  IdempotencyKeyMissing,
  IdempotencyMismatch,
  IdempotencyResultUnavailable,
  IdempotencyStoreFailed,
} from './errors.ts';
import { fingerprintOf, storedKey } from './key.ts';
import type { Claim, FencedStore, StoredResult } from './store.ts';

/** One piece of work. Key and payload are values, worked out before the work can change what they come from. */
export interface OnceCall<T> {
  /** Keys of one operation never meet those of another. */
  readonly operation: string;
  readonly key: unknown;
  readonly required: boolean;
  /** What must be the same for the same key; `undefined` for no such check. */
  readonly payload: unknown;
  /** Seconds for which a result is replayed. */
  readonly ttl: number;
  /** Milliseconds after which the claim of an owner that crashed is void. */
  readonly lease: number;
  readonly run: () => T | Promise<T>;
  /** A value as JSON text, `undefined` for nothing. Throws when it cannot be kept. */
  readonly write: (value: T) => string | undefined;
  readonly read: (json: string | undefined) => T;
  /** Tells whether the work counts as done. Default: whatever it returned, it does. */
  readonly keep?: (value: T) => boolean;
  /** Ends the waiting for the store's claim. */
  readonly signal?: AbortSignal | undefined;
  /** Told what is wrong and yet no failure of the work. */
  readonly warn: (message: string, fields: LogFields) => void;
}

/** What became of it; `error` is what is wrong, for whoever throws it. Errors of the work itself are thrown. */
export type OnceOutcome<T> =
  /** It ran, and `value` is what a replay will give, whenever it could be kept. */
  | { readonly kind: 'executed'; readonly value: T }
  | { readonly kind: 'replayed'; readonly value: T }
  /** It ran before; what it returned could not be kept. */
  | { readonly kind: 'unavailable'; readonly error: IdempotencyResultUnavailable }
  | { readonly kind: 'inProgress'; readonly error: IdempotencyInProgress }
  | { readonly kind: 'mismatch'; readonly error: IdempotencyMismatch }
  | { readonly kind: 'keyless'; readonly error: IdempotencyKeyMissing }
  | { readonly kind: 'unreachable'; readonly error: IdempotencyStoreFailed };

/**
 * Runs work once per key.
 *
 * @throws what the work throws; its claim is then released, so that it may be tried again
 */
export async function once<T>(store: FencedStore, call: OnceCall<T>): Promise<OnceOutcome<T>> {
  const { operation, signal } = call;
  const key = storedKey(operation, call.key);
  if (key === undefined) {
    if (call.required) return { kind: 'keyless', error: new IdempotencyKeyMissing(operation) };
    const value = await call.run();
    return { kind: 'executed', value: written(call, value).value };
  }
  const fingerprint = call.payload === undefined ? undefined : fingerprintOf(call.payload);
  let claim: Claim;
  try {
    claim = await store.claim(key, { fingerprint, lease: call.lease, signal });
  } catch (error) {
    if (signal?.aborted === true) {
      // What is thrown speaks of time alone.
      call.warn('idempotency: the store did not answer before time was up; nothing was run', {
        operation,
        error,
      });
      signal.throwIfAborted();
    }
    return { kind: 'unreachable', error: new IdempotencyStoreFailed(operation, error) };
  }
  if (claim.kind !== 'claimed') return standing(call, claim, fingerprint);

  const owned: Owned = { store, key, token: claim.token, operation, signal, warn: call.warn };
  if (signal?.aborted === true) {
    // Whoever asked has been told that time ran out: what runs now would run on in a later invocation.
    await release(owned);
    signal.throwIfAborted();
  }
  return { kind: 'executed', value: await execute(owned, call) };
}

/** What a key that is taken says to whoever asks. */
function standing<T>(
  call: OnceCall<T>,
  claim: Exclude<Claim, { kind: 'claimed' }>,
  fingerprint: string | undefined,
): OnceOutcome<T> {
  const { operation } = call;
  const known = claim.fingerprint;
  if (known !== undefined && fingerprint !== undefined && known !== fingerprint)
    return { kind: 'mismatch', error: new IdempotencyMismatch(operation) };
  if (claim.kind === 'inProgress')
    return { kind: 'inProgress', error: new IdempotencyInProgress(operation, claim.retryAfter) };
  if (claim.result.kind === 'unavailable')
    return { kind: 'unavailable', error: new IdempotencyResultUnavailable(operation) };
  return {
    kind: 'replayed',
    value: call.read(claim.result.kind === 'value' ? claim.result.json : undefined),
  };
}

/** A claim that is ours. */
interface Owned {
  readonly store: FencedStore;
  readonly key: string;
  readonly token: string;
  readonly operation: string;
  readonly signal: AbortSignal | undefined;
  readonly warn: OnceCall<unknown>['warn'];
}

async function execute<T>(owned: Owned, call: OnceCall<T>): Promise<T> {
  let returned: T;
  try {
    returned = await call.run();
  } catch (error) {
    await release(owned);
    throw error;
  }
  if (call.keep?.(returned) === false) {
    await release(owned);
    return returned;
  }
  const { value, result, fault } = written(call, returned, owned.store.resultLimit);
  if (fault !== undefined) {
    owned.warn(
      'idempotency: the result cannot be kept and will not be replayed; the work will not run again',
      {
        operation: owned.operation,
        error: fault,
      },
    );
  }
  await complete(owned, result, call.ttl);
  return value;
}

interface Written<T> {
  /** What the caller gets: the same that a replay gives, where the value can be written at all. */
  readonly value: T;
  readonly result: StoredResult;
  readonly fault?: unknown;
}

function written<T>(call: OnceCall<T>, value: T, limit: number = Infinity): Written<T> {
  try {
    const json = call.write(value);
    const replayed = call.read(json);
    if (json === undefined) return { value: replayed, result: { kind: 'nothing' } };
    // UTF-8 takes one to three bytes for each UTF-16 unit: most results need no counting.
    const bytes = json.length * 3 > limit ? Buffer.byteLength(json) : json.length;
    if (bytes <= limit) return { value: replayed, result: { kind: 'value', json } };
    const fault = new RangeError(`The result has ${bytes} bytes of JSON, the store takes ${limit}`);
    return { value: replayed, result: { kind: 'unavailable' }, fault };
  } catch (fault) {
    return { value, result: { kind: 'unavailable' }, fault };
  }
}

/** The work is done: nothing that goes wrong from here on may make a failure of it. */
async function complete(
  { store, key, token, operation, signal, warn }: Owned,
  result: StoredResult,
  ttl: number,
): Promise<void> {
  try {
    if (await inTime(store.complete(key, token, result, ttl), signal)) return;
    warn(
      'idempotency: the work outlived its lease, somebody else has claimed it since: it may have run twice',
      {
        operation,
      },
    );
  } catch (error) {
    warn(
      'idempotency: the work is done, but the store could not be told: it may run again when its lease ends',
      {
        operation,
        error,
      },
    );
  }
}

async function release({ store, key, token, operation, signal, warn }: Owned): Promise<void> {
  try {
    await inTime(store.release(key, token), signal);
  } catch (error) {
    warn('idempotency: the claim could not be released; duplicates wait until its lease ends', {
      operation,
      error,
    });
  }
}

/** Milliseconds that a store gets once the signal has aborted: what became of the work has to be told in time. */
const LAST_WORD_MS = 10;

/** Settles as the store does, or rejects soon after the signal has aborted. */
function inTime<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hurry = (): void => {
      timer = setTimeout(() => reject(signal.reason as Error), LAST_WORD_MS); // a deadline's
    };
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hurry);
    };
    if (signal.aborted) hurry();
    else signal.addEventListener('abort', hurry, { once: true });
    answer.then(stop, stop);
    answer.then(resolve, reject);
  });
}
