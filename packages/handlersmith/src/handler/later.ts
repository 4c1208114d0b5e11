/**
 * Failures that pass: come again.
 *
 * @module
 */

/**
 * A failure that another try will mend, said to whoever waits: over HTTP its status, its message and `Retry-After`, in
 * a batch a record that comes again. The message is for the caller and holds nothing private.
 */
export class RetryLater extends Error {
  override readonly name: string = 'RetryLater';
  /** 409 or 503. */
  readonly statusCode: 409 | 503;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number;

  constructor(
    statusCode: 409 | 503,
    message: string,
    options: { readonly retryAfter: number; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.statusCode = statusCode;
    this.retryAfter = options.retryAfter;
  }
}
