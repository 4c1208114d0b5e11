/**
 * Bodies that are streams: closed, whatever comes of their write.
 *
 * @module
 */
import { hasMethod, isObject } from '../handler/object.ts';

/** Ways to close a stream at once: of Node's, of web streams, of generators. */
const CLOSING = ['destroy', 'cancel', 'return'] as const;

/**
 * Does what reads a body, or is refused before. A body that is not read holds what it comes from, a connection mostly,
 * for as long as the environment lives.
 */
export async function closing<Result>(body: unknown, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    // Not waited for: what keeps a chunk waiting keeps its end waiting, too.
    void close(isObject(body) && 'stream' in body ? body.stream : body);
  }
}

/** What is at its end takes no harm; what is locked is being closed by its reader. */
async function close(stream: unknown): Promise<void> {
  const method = CLOSING.find((name) => hasMethod(stream, name));
  if (method === undefined) return;
  try {
    await (stream as Record<typeof method, () => unknown>)[method](); // as just seen
  } catch {
    // The write has its own end, which is told.
  }
}
