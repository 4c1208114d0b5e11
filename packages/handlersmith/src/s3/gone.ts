/**
 * Why an object was not read, where that is nobody's fault.
 *
 * @module
 */
import { PermanentFailure } from '../records/outcome.ts';

/** The object of the event is no longer there, or another has taken its place. */
export class ObjectGone extends Error {
  override readonly name = 'ObjectGone';
}

/** The object has more bytes than the option `maxBytes` allows. */
export class ObjectTooLarge extends Error {
  override readonly name = 'ObjectTooLarge';

  constructor(bytes: number, maxBytes: number) {
    super(`The object has ${bytes} bytes or more, maxBytes is ${maxBytes}`);
  }
}

const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound', 'PreconditionFailed']);
const GONE_STATUS = new Set([404, 412]);

/**
 * Makes {@link ObjectGone} of what S3 says of an object that is not there; gives back any other error as it is. A
 * bucket that does not exist is a mistake in the client's settings, not an object that is gone.
 *
 * @param error - as a client threw it
 * @param where - bucket and key
 */
export function readError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error.name === 'NoSuchBucket') return error;
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } }; // as the SDK's errors have it
  if (!GONE.has(error.name) && !GONE_STATUS.has(metadata?.httpStatusCode ?? 0)) return error;
  return new ObjectGone(`${where} is gone or was replaced (${error.name})`, { cause: error });
}

/** How deep causes are looked into: enough for any wrapping there is, and an end for those that go round. */
const DEEPEST = 8;

/**
 * Tells whether an error, or what caused it, says that there is nothing to read.
 *
 * @returns the reason for the log; `undefined` for a failure, also for one declared permanent
 */
export function reasonToSkip(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < DEEPEST && current instanceof Error; depth++) {
    if (current instanceof ObjectGone || current instanceof ObjectTooLarge) return current.message;
    if (current instanceof PermanentFailure) return undefined;
    current = current.cause;
  }
  return undefined;
}
