/**
 * The body of a request, read once, and never left in the connection.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { incompleteBody } from './errors.ts';

export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Reads on to the end where nobody did, so that the client looks for its answer. */
  drain(): Promise<void>;
  /** Whether a client still waits to hear that it may send. It must not be kept waiting for its next request. */
  readonly unasked: boolean;
}

/** @param expectsContinue - whether the client sends nothing before it is told to */
export function bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): RequestBody {
  let unasked = expectsContinue;
  async function* read(): AsyncGenerator<Uint8Array> {
    if (unasked) response.writeContinue();
    unasked = false;
    try {
      // Who stops reading wants to answer: the connection must outlive the loop. No encoding is set, so pieces are bytes.
      const pieces: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
      yield* pieces;
    } catch (cause) {
      const error = incompleteBody();
      error.cause = cause;
      throw error;
    }
  }
  return {
    [Symbol.asyncIterator]: read,
    async drain() {
      if (unasked || request.readableEnded || request.destroyed) return;
      request.resume();
      await new Promise((over) => request.once('end', over).once('close', over));
    },
    get unasked() {
      return unasked;
    },
  };
}
