/**
 * Bodies in the `aws-chunked` encoding: chunks with their length before them, checksums behind them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
/* oxlint-disable no-await-in-loop -- bytes come one after the other */
import { incompleteBody, invalidRequest } from './errors.ts';

/** Bytes a line of a chunk or the trailers may have. */
const LINE_LIMIT = 16 * 1024;

/** What stands between the bytes. */
export interface Framing {
  /** Called before the bytes of each chunk, the last empty one too, with what follows `;` in its line. */
  chunk?(extension: string): void;
  /** Called once, with all trailers, names in lower case. */
  trailers(trailers: ReadonlyMap<string, string>): void;
}

/**
 * Takes the frames off.
 *
 * @throws S3Error `IncompleteBody` where it ends too early, `InvalidRequest` where it is no such body
 */
export async function* unchunked(
  body: AsyncIterable<Uint8Array>,
  framing: Framing,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(body);
  for (;;) {
    const [length = '', ...extension] = (await reader.line()).split(';');
    if (!/^[\da-f]{1,13}$/iu.test(length)) throw invalidRequest('The length of a chunk is not valid.');
    framing.chunk?.(extension.join(';'));
    const size = Number.parseInt(length, 16);
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw invalidRequest('A chunk is longer than its length.');
  }
  const trailers = new Map<string, string>();
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':');
    if (colon < 1) throw invalidRequest('A trailer has no name.');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (await reader.more()) throw invalidRequest('There are bytes behind the last chunk.');
  framing.trailers(trailers);
}

interface ByteReader {
  /** Up to the next line end. At the end of the body: `''` where that is allowed. */
  line(mayEnd?: boolean): Promise<string>;
  bytes(size: number): AsyncGenerator<Uint8Array>;
  more(): Promise<boolean>;
}

function byteReader(body: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = body[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    const piece = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    return true;
  };
  return {
    async line(mayEnd = false) {
      for (;;) {
        const end = rest.indexOf('\r\n');
        if (end !== -1) {
          const line = rest.toString('latin1', 0, end);
          rest = rest.subarray(end + 2);
          return line;
        }
        if (rest.length > LINE_LIMIT) throw invalidRequest('A line between chunks is too long.');
        if (await fill()) continue;
        if (mayEnd && rest.length === 0) return '';
        throw incompleteBody();
      }
    },
    async *bytes(size) {
      let left = size;
      while (left > 0) {
        if (rest.length === 0 && !(await fill())) throw incompleteBody();
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
    more: async () => rest.length > 0 || (await fill()),
  };
}
