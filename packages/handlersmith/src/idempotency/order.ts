/**
 * Work on one thing in turn: one at a time, and nothing older after what is newer.
 *
 * @module
 */
import { checkOptions, milliseconds, type OptionRules } from '../handler/options.ts';
import type { LogFields } from '../observability/logger.ts';
import { IdempotencyStoreFailed } from './errors.ts';
import { storedKey } from './key.ts';
import { idempotencyRules } from './options.ts';

/** What became of the asking for a turn. */
export type Turn =
  | { readonly kind: 'begun'; readonly token: string }
  /** This very event has been finished. */
  | { readonly kind: 'done' }
  /** A newer one has been finished. */
  | { readonly kind: 'outdated' }
  /** Another event has its turn; `retryAfter`: milliseconds until its lease ends, if it does not finish before. */
  | { readonly kind: 'busy'; readonly retryAfter: number };

/** What a turn is asked with. */
export interface TurnRequest {
  /** Milliseconds after which the turn of an owner that crashed is void. */
  readonly lease: number;
  /** Seconds for which the newest is kept, at least. */
  readonly ttl: number;
  /** Ends the waiting for an answer. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A store that keeps for each key the newest of its finished events, and who has the turn. Positions are texts, and
 * the newer of two is the one that a comparison by characters finds greater.
 */
export interface TurnStore {
  /**
   * Takes the turn, unless something as new is finished or another event has it. The same event gets the turn even if
   * it has it: it was delivered again, and whoever had it before has most likely crashed.
   *
   * @throws whatever keeps the store from answering; nothing may be assumed then
   */
  begin(key: string, position: string, request: TurnRequest): Promise<Turn>;
  /**
   * Notes that an event is finished, and gives the turn back if it is still the token's. A mark only ever rises.
   *
   * @param ttl - seconds for which it is kept, at least
   * @returns `false` when something newer was finished in the meantime
   */
  finish(key: string, token: string, position: string, ttl: number): Promise<boolean>;
  /** Gives the turn back, if it is still the token's, so that the next may have it at once. */
  abandon(key: string, token: string): Promise<void>;
}

/** A store that gives turns, with the code that takes them. */
export interface OrderedStore extends TurnStore {
  /** Runs work when it is its turn. Called by the handler factories. */
  inOrder<T>(call: OrderedCall<T>): Promise<OrderedOutcome<T>>;
  /** Checks the options it is given with. Called by the handler factories. */
  checkOrder(owner: string, options: object): void;
}

/** How an order is kept. */
export interface OrderOptions {
  /** Where the newest is kept: `dynamoStore(…)`, also the one of `idempotency`. */
  readonly store: OrderedStore;
  /** Seconds for which it is kept. Default 1,209,600: 14 days, the longest that a queue keeps a message. */
  readonly ttl?: number;
  /** Milliseconds to wait while another event has its turn; then the record fails. Default 5,000. */
  readonly wait?: number;
  /** The namespace: handlers that do different work need one each. Default: the function's name and what it serves. */
  readonly operation?: string;
}

/** One event of one thing. */
export interface OrderedCall<T> extends Omit<TurnRequest, 'ttl'> {
  /** Keys of one operation never meet those of another. */
  readonly operation: string;
  /** What the order is of. */
  readonly key: readonly string[];
  readonly position: string;
  /** Seconds for which the newest is kept. Default 14 days. */
  readonly ttl?: number | undefined;
  /** Milliseconds to wait for the turn while another event has it. Default 5,000. */
  readonly wait?: number | undefined;
  readonly signal: AbortSignal;
  readonly run: () => T | Promise<T>;
  /** Told what is wrong and yet no failure of the work. */
  readonly warn: (message: string, fields: LogFields) => void;
}

/** What became of it. Errors of the work itself are thrown. */
export type OrderedOutcome<T> =
  | { readonly kind: 'executed'; readonly value: T }
  | { readonly kind: 'unreachable'; readonly error: IdempotencyStoreFailed }
  | Exclude<Turn, { readonly kind: 'begun' }>;

/** Fourteen days. */
const DEFAULT_TTL_SECONDS = 1_209_600;
const DEFAULT_WAIT_MS = 5000;

/** Milliseconds between two questions whether it is one's turn: at first, and at most. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Makes of a store that gives turns one for handlers.
 *
 * @param store - held to its contract by tests
 */
export function orderedStore(store: TurnStore): OrderedStore {
  return {
    ...store,
    inOrder: (call) => inOrder(store, call),
    checkOrder: (owner, options) => checkOptions(owner, options, rules),
  };
}

const { ttl: ttlRule, operation: operationRule } = idempotencyRules;

const rules: OptionRules = {
  store: { expected: 'a store', accepts: () => true }, // this one
  ...(ttlRule === undefined ? {} : { ttl: ttlRule }),
  wait: milliseconds,
  ...(operationRule === undefined ? {} : { operation: operationRule }),
};

/**
 * Runs work when it is its turn, and notes that it is finished.
 *
 * @throws what the work throws; the turn is then given back, and nothing is noted
 * @throws Error when the work is finished and that could not be noted: it has to come again, or what is older may run
 */
async function inOrder<T>(store: TurnStore, call: OrderedCall<T>): Promise<OrderedOutcome<T>> {
  const { operation, position, ttl = DEFAULT_TTL_SECONDS, signal, warn } = call;
  const key = storedKey(operation, call.key);
  if (key === undefined) throw new TypeError(`${operation}: expected a key without empty parts`);
  let turn: Turn;
  try {
    turn = await turnOf(store, key, { ...call, ttl });
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreachable', error: new IdempotencyStoreFailed(operation, error) };
  }
  if (turn.kind !== 'begun') return turn;

  const { token } = turn;
  let value: T;
  try {
    signal.throwIfAborted(); // what runs now would run on in a later invocation
    value = await call.run();
  } catch (error) {
    await store.abandon(key, token).catch((fault: unknown) => {
      warn('order: the turn could not be given back; other events wait until its lease ends', {
        error: fault,
      });
    });
    throw error;
  }
  let isNewest: boolean;
  try {
    isNewest = await store.finish(key, token, position, ttl);
  } catch (cause) {
    throw new Error(`${operation}: the work is done, but the store could not be told: it has to come again`, {
      cause,
    });
  }
  if (!isNewest) warn('order: the work outlived its lease, and something newer was finished before it', {});
  return { kind: 'executed', value };
}

/** Asks until the turn has come, there is none to be had, or the waiting is over. */
async function turnOf(
  store: TurnStore,
  key: string,
  { position, wait = DEFAULT_WAIT_MS, lease, ttl, signal }: OrderedCall<unknown> & { readonly ttl: number },
): Promise<Turn> {
  let left = wait;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    // oxlint-disable-next-line no-await-in-loop -- each question waits for the answer to the one before
    const turn = await store.begin(key, position, { lease, ttl, signal });
    if (turn.kind !== 'busy' || left <= 0) return turn;
    const paused = Math.min(pause, left);
    left -= paused;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(paused, signal);
    signal.throwIfAborted();
  }
}

/** Waits so long, or until the signal aborts. */
function sleep(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, time);
    signal.addEventListener('abort', end, { once: true });
  });
}
