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

/**
 * Takes the frames off.
 *
 * @param onTrailers - called once at the end with all trailers, names in lower case
 * @throws S3Error `IncompleteBody` where it ends too early, `InvalidRequest` where it is no such body
 */
export async function* unchunked(
  body: AsyncIterable<Uint8Array>,
  onTrailers: (trailers: ReadonlyMap<string, string>) => void,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(body);
  try {
    yield* chunks(reader);
    onTrailers(await trailersOf(reader));
  } finally {
    await reader.close();
  }
}

async function* chunks(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const length = await reader.line();
    if (!/^[\da-f]{1,13}$/iu.test(length)) throw invalidRequest('The length of a chunk is not valid.');
    const size = Number.parseInt(length, 16);
    if (size === 0) return;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw invalidRequest('A chunk is longer than its length.');
  }
}

async function trailersOf(reader: ByteReader): Promise<ReadonlyMap<string, string>> {
  const trailers = new Map<string, string>();
  for (let line = await reader.line(true); line !== ''; line = await reader.line(true)) {
    const colon = line.indexOf(':');
    if (colon < 1) throw invalidRequest('A trailer has no name.');
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (await reader.more()) throw invalidRequest('There are bytes behind the last chunk.');
  return trailers;
}

interface ByteReader {
  /** Up to the next line end. At the end of the body: `''` where that is allowed. */
  line(mayEnd?: boolean): Promise<string>;
  bytes(size: number): AsyncGenerator<Uint8Array>;
  more(): Promise<boolean>;
  /** Lets go of the body, so that somebody else can read on. */
  close(): Promise<void>;
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
    close: async () => void (await pieces.return?.()),
  };
}
