/**
 * Errors as SNS gives them.
 *
 * @module
 */
import { Refused } from '../service/refused.ts';

/** What a request is refused with. */
export class SnsError extends Refused {
  override readonly name = 'SnsError';
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
