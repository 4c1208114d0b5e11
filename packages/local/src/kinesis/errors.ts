/**
 * Errors as Kinesis gives them.
 *
 * @module
 */
import { Refused } from '../service/refused.ts';

/** What a request is refused with. */
export class KinesisError extends Refused {
  override readonly name = 'KinesisError';
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
