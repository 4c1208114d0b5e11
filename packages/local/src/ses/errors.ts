/**
 * Errors as SES gives them.
 *
 * @module
 */

/** What a request is refused with. */
export class SesError extends Error {
  override readonly name = 'SesError';
  /** Such as `BadRequestException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function badRequest(message: string): SesError {
  return new SesError('BadRequestException', message);
}

export function notImplemented(what: string): SesError {
  return new SesError('NotImplemented', `The SES on this machine does not know ${what}.`, 501);
}
