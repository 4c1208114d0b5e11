/**
 * Errors as SNS gives them.
 *
 * @module
 */

/** What a request is refused with. */
export class SnsError extends Error {
  override readonly name = 'SnsError';
  /** Such as `NotFound`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function invalid(what: string): SnsError {
  return new SnsError('InvalidParameter', `Invalid parameter: ${what}`);
}

export function notFound(what: 'Topic' | 'Subscription'): SnsError {
  return new SnsError('NotFound', `${what} does not exist`, 404);
}

export function notImplemented(what: string): SnsError {
  return new SnsError('NotImplemented', `The SNS on this machine does not know ${what}.`, 501);
}
