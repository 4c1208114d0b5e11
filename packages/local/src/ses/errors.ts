/**
 * Errors as SES gives them.
 *
 * @module
 */
import { Refused } from '../service/refused.ts';

/** What a request is refused with. */
export class SesError extends Refused {
  override readonly name = 'SesError';
}

export function badRequest(message: string): SesError {
  return new SesError('BadRequestException', message);
}

export function notImplemented(what: string): SesError {
  return new SesError('NotImplemented', `The SES on this machine does not know ${what}.`, 501);
}
