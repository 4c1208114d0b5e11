/**
 * Why work was not done, or its result cannot be had again.
 *
 * @module
 */

/** The same work is under way elsewhere. Come back later: it is then done, or may be tried. */
export class IdempotencyInProgress extends Error {
  override readonly name = 'IdempotencyInProgress';
  /** Milliseconds until the other's lease ends, if it does not finish before. */
  readonly retryAfter: number;

  constructor(operation: string, retryAfter: number) {
    super(`${operation}: the same work is under way; it is done, or free to be tried, in ${retryAfter} ms`);
    this.retryAfter = retryAfter;
  }
}

/** The key was used before, with another payload. */
export class IdempotencyMismatch extends Error {
  override readonly name = 'IdempotencyMismatch';

  constructor(operation: string) {
    super(
      `${operation}: the key was used before with another payload. Nothing was run: give other work another key.`,
    );
  }
}

/** There is no key where one is required. */
export class IdempotencyKeyMissing extends Error {
  override readonly name = 'IdempotencyKeyMissing';

  constructor(operation: string) {
    super(
      `${operation}: expected an idempotency key, got none. Nothing was run: send one, or set required: false to run unprotected.`,
    );
  }
}

/** The work was done before, and what it returned could not be kept. */
export class IdempotencyResultUnavailable extends Error {
  override readonly name = 'IdempotencyResultUnavailable';

  constructor(operation: string) {
    super(`${operation}: the work was done before, but its result was too large or no JSON and was not kept`);
  }
}

/** The store did not answer. The work was not run. */
export class IdempotencyStoreFailed extends Error {
  override readonly name = 'IdempotencyStoreFailed';

  constructor(operation: string, cause: unknown) {
    super(
      `${operation}: the idempotency store could not be asked (${nameOf(cause)}). Nothing was run: try again.`,
      { cause },
    );
  }
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
