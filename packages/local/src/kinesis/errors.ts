/**
 * Errors as Kinesis gives them.
 *
 * @module
 */

/** What a request is refused with. */
export class KinesisError extends Error {
  override readonly name = 'KinesisError';
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function invalidArgument(message: string): KinesisError {
  return new KinesisError('InvalidArgumentException', message);
}

export function validation(message: string): KinesisError {
  return new KinesisError('ValidationException', message);
}

export function notImplemented(what: string): KinesisError {
  return new KinesisError('NotImplemented', `The Kinesis on this machine does not know ${what}.`, 501);
}
