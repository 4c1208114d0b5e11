/**
 * Writing a stream as fast as its reader takes it.
 *
 * @module
 */

/** Status, headers and cookies: what goes out before the first byte. */
export interface StreamHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
}

/** The stream that Lambda's runtime gives a handler: what is used of it. */
export interface ResponseStream {
  /** `false` when the reader is behind: wait for `drain`. */
  write(chunk: Uint8Array | string): boolean;
  end(): void;
  once(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): void;
  off(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): void;
}

/** The global `awslambda` of Lambda's Node.js runtime. */
export interface Runtime {
  streamifyResponse<Handler>(handler: Handler): Handler;
  readonly HttpResponseStream: { from(stream: ResponseStream, prelude: object): ResponseStream };
}

/**
 * Sends chunks until there are no more, waiting whenever the reader is behind. Gives the number of bytes.
 *
 * @param first - the chunk that has been read already
 * @param rest - the iterator it came from; told to stop when the reader goes away
 * @param signal - ends the sending when it aborts
 * @throws the signal's reason, whatever the iterator throws, or the error of a stream whose reader went away
 */
export async function sendStream(
  stream: ResponseStream,
  first: IteratorResult<Uint8Array | string>,
  rest: AsyncIterator<Uint8Array | string>,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  let next = first;
  try {
    if (next.done === true) stream.write(''); // the head goes out with the first write, so there has to be one
    // One after the other is the point: the next chunk is made when this one is taken.
    /* oxlint-disable no-await-in-loop */
    while (next.done !== true) {
      bytes += Buffer.byteLength(next.value);
      if (!stream.write(next.value)) await drained(stream);
      next = await rest.next();
      // What is whole goes out whole, also a problem that the deadline itself is the reason of.
      if (next.done !== true) signal.throwIfAborted();
    }
    /* oxlint-enable no-await-in-loop */
  } catch (error) {
    await rest.return?.();
    throw error;
  }
  stream.end();
  return bytes;
}

/** Lets go of a stream that nobody will read: behind one of Node's or the web's there may be a file or a connection. */
export function release(stream: object): void {
  const { destroy, cancel } = stream as { destroy?: () => void; cancel?: () => Promise<void> }; // asked for below
  if (typeof destroy === 'function') destroy.call(stream);
  else if (typeof cancel === 'function') cancel.call(stream).catch(() => {}); // it has failed, or somebody reads it
}

function drained(stream: ResponseStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', go);
      stream.off('error', settle);
      stream.off('close', settle);
      reject(error ?? new Error('The reader of the stream went away'));
    };
    const go = (): void => {
      stream.off('error', settle);
      stream.off('close', settle);
      resolve();
    };
    stream.once('drain', go);
    stream.once('error', settle);
    stream.once('close', settle);
  });
}
