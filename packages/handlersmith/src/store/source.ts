/**
 * A stream of bytes, read once: in parts, with its size and checksums.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { Attempt } from './attempt.ts';
import { BlobMismatch, BlobTooLarge } from './errors.ts';
import type { BlobStream } from './types.ts';

/** What a stream was, once it has been read to its end. */
export interface StreamSummary {
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Of all bytes, in base64. */
  readonly crc32: string;
}

/** A part of a stream. */
export interface StreamPart {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** A stream, to be read once. */
export interface Source {
  /**
   * The bytes in parts: each is full but the last, and is good until the next is asked for. There is one at
   * least, which is empty where there are no bytes; the last comes when the stream has proved to be what was declared.
   *
   * @throws BlobTooLarge, BlobMismatch as soon as it shows; whatever the stream throws
   * @throws OutcomeUnknown when the attempt's signal aborts
   */
  parts(attempt: Attempt, partSize: number): AsyncGenerator<StreamPart>;
  /** Reads what is not wanted in parts. Throws as {@link Source.parts} does. */
  drain(attempt: Attempt): Promise<void>;
  /** Once the last part was given. */
  summary(): StreamSummary;
}

export function sourceOf(operation: string, declared: BlobStream, maxBytes: number): Source {
  const { stream, length, sha256: expected } = declared;
  const hash = createHash('sha256');
  let checksum = 0;
  let size = 0;
  let read: StreamSummary | undefined;

  const take = (chunk: unknown): Uint8Array => {
    if (!(chunk instanceof Uint8Array))
      throw new TypeError(`${operation}: body must be a stream of Uint8Array, got a ${typeof chunk} from it`);
    size += chunk.byteLength;
    if (size > maxBytes) throw new BlobTooLarge(operation, size, maxBytes);
    if (length !== undefined && size > length)
      throw new BlobMismatch(operation, `expected ${length} bytes, got more`);
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    return chunk;
  };
  const conclude = (): void => {
    if (length !== undefined && size !== length)
      throw new BlobMismatch(operation, `expected ${length} bytes, got ${size}`);
    const sha256 = hash.digest('hex');
    if (expected !== undefined && sha256 !== expected)
      throw new BlobMismatch(operation, `expected the SHA-256 ${expected}, got ${sha256}`);
    read = { size, sha256, crc32: base64Of(checksum) };
  };

  return {
    drain: async (attempt) => {
      for await (const chunk of interruptible(stream, attempt)) take(chunk);
      conclude();
    },
    async *parts(attempt, partSize) {
      const part = new Part(partSize);
      for await (const chunk of interruptible(stream, attempt)) {
        const bytes = take(chunk);
        for (let from = 0; from < bytes.byteLength;) {
          if (part.isFull) {
            yield { bytes: part.bytes(), isLast: false };
            // One buffer for all. What a try of the last part may still be sending out of it no longer has its checksum.
            part.clear();
          }
          from += part.add(bytes.subarray(from));
        }
      }
      conclude();
      yield { bytes: part.bytes(), isLast: true };
    },
    summary: () => {
      if (read === undefined) throw new TypeError('the stream has not been read to its end');
      return read;
    },
  };
}

/** CRC-32 as S3 has it. */
export function base64Of(checksum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return bytes.toString('base64');
}

/** Bytes kept at first; streams of less are common. */
const FIRST_BYTES = 64 * 1024;

/** Bytes of a part, as they come. */
class Part {
  readonly #size: number;
  #buffer: Uint8Array;
  #filled = 0;

  constructor(size: number) {
    this.#size = size;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(size, FIRST_BYTES));
  }

  get isFull(): boolean {
    return this.#filled === this.#size;
  }

  /** @returns how many of the bytes were taken */
  add(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#size - this.#filled);
    this.#makeRoom(this.#filled + taken.byteLength);
    this.#buffer.set(taken, this.#filled);
    this.#filled += taken.byteLength;
    return taken.byteLength;
  }

  clear(): void {
    this.#filled = 0;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#filled);
  }

  /** What is more than the first bytes gets a whole part: growing by and by would hold two of them. */
  #makeRoom(bytes: number): void {
    if (bytes <= this.#buffer.byteLength) return;
    const larger = Buffer.allocUnsafeSlow(this.#size);
    larger.set(this.bytes());
    this.#buffer = larger;
  }
}

/** A stream that does not keep a write waiting beyond its time. Left before its end, it is closed. */
async function* interruptible(stream: AsyncIterable<unknown>, attempt: Attempt): AsyncGenerator {
  const iterator = stream[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
      const next = await unlessAborted(iterator.next(), attempt);
      if (next.done === true) {
        isOver = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // Not waited for: what keeps a chunk waiting keeps its end waiting, too.
    if (!isOver) void close(iterator);
  }
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // It was given up for another reason, which is told.
  }
}

function unlessAborted<Result>(work: Promise<Result>, attempt: Attempt): Promise<Result> {
  const { signal } = attempt;
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(attempt.unknown('W2', signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
