/**
 * Where bytes lie: small ones in memory or, with a folder, every one in a file of its own.
 *
 * @module
 */
/* oxlint-disable no-await-in-loop -- bytes go one after the other */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from './temporary.ts';

/** Bytes up to this many stay in memory where there is no folder. */
const MEMORY_LIMIT = 256 * 1024;

/** Bytes read at once from a file. */
const READ_SIZE = 256 * 1024;

/** A stretch of a blob. An object is a list of them: its parts, one after the other. */
export interface Segment {
  readonly blob: string;
  readonly start: number;
  readonly length: number;
}

export interface BlobWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the bytes are safe. The caller holds them, and releases them in the end. */
  finish(): Promise<readonly Segment[]>;
  discard(): Promise<void>;
}

export interface Blobs {
  writer(): BlobWriter;
  /** Gives the bytes from `start` on. The caller holds the segments while it reads. */
  read(segments: readonly Segment[], start: number, length: number): AsyncGenerator<Uint8Array>;
  /** The same where they lie in memory in one piece, at once; else undefined. */
  at(segments: readonly Segment[], start: number, length: number): Uint8Array | undefined;
  /** Counts one more holder. */
  hold(segments: readonly Segment[]): void;
  /** Counts one less; what nobody holds is deleted. */
  release(segments: readonly Segment[]): void;
  /** Deletes what nobody holds, and from now on at once. Until then, while a journal is read, nothing is deleted. */
  sweep(): Promise<void>;
  /** Ends deletions under way; without a folder, deletes all. */
  close(): Promise<void>;
}

/** @param folder - an existing one that keeps the bytes; undefined for memory and a temporary folder */
export function openBlobs(folder: string | undefined): Blobs {
  const memory = new Map<string, Buffer>();
  const holders = new Map<string, number>();
  const deletions = new Set<Promise<void>>();
  let temporary: string | undefined;
  let deletes = false;
  const place = (): string => folder ?? (temporary ??= temporaryFolder());

  const count = (blob: string, by: 1 | -1): void => {
    const left = (holders.get(blob) ?? 0) + by;
    if (left > 0) holders.set(blob, left);
    else {
      holders.delete(blob);
      if (!memory.delete(blob) && deletes) remove(blob);
    }
  };
  const remove = (blob: string): void => {
    // What cannot be deleted now is swept at the next start.
    const deletion = unlink(join(place(), blob)).catch(() => {});
    deletions.add(deletion);
    void deletion.finally(() => deletions.delete(deletion));
  };

  return {
    writer: () =>
      writer(folder === undefined ? MEMORY_LIMIT : 0, place, folder !== undefined, (blob, bytes) => {
        if (bytes !== undefined) memory.set(blob, bytes);
        holders.set(blob, 1);
      }),
    async *read(segments, start, length) {
      let skip = start;
      let left = length;
      for (const segment of segments) {
        if (left === 0) return;
        if (skip >= segment.length) {
          skip -= segment.length;
          continue;
        }
        const from = segment.start + skip;
        const size = Math.min(segment.length - skip, left);
        const bytes = memory.get(segment.blob);
        if (bytes === undefined) yield* readFile(join(place(), segment.blob), from, size);
        else yield bytes.subarray(from, from + size);
        left -= size;
        skip = 0;
      }
    },
    at([segment, ...more], start, length) {
      if (segment === undefined || more.length > 0) return undefined;
      const from = segment.start + start;
      return memory.get(segment.blob)?.subarray(from, from + length);
    },
    hold(segments) {
      for (const { blob } of segments) count(blob, 1);
    },
    release(segments) {
      for (const { blob } of segments) count(blob, -1);
    },
    async sweep() {
      deletes = true;
      if (folder === undefined) return;
      await mkdir(folder, { recursive: true });
      for (const blob of await readdir(folder)) if (!holders.has(blob)) remove(blob);
      await Promise.all(deletions);
    },
    async close() {
      await Promise.all(deletions);
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

function writer(
  memoryLimit: number,
  place: () => string,
  synced: boolean,
  keep: (blob: string, bytes: Buffer | undefined) => void,
): BlobWriter {
  const blob = randomUUID();
  let pieces: Uint8Array[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  const spill = async (): Promise<FileHandle> => {
    const opened = (file ??= await open(join(place(), blob), 'wx'));
    const waiting = pieces;
    pieces = [];
    for (const bytes of waiting) await writeAll(opened, bytes);
    return opened;
  };
  return {
    async write(bytes) {
      pieces.push(bytes);
      size += bytes.length;
      // A single write for a body of one piece; none kept waiting beyond that.
      if (file !== undefined || size > Math.max(memoryLimit, READ_SIZE)) await spill();
    },
    async finish() {
      if (size === 0) return [];
      if (file === undefined && size <= memoryLimit) keep(blob, Buffer.concat(pieces));
      else {
        const opened = await spill();
        if (synced) await opened.datasync();
        file = undefined;
        await opened.close();
        keep(blob, undefined);
      }
      return [{ blob, start: 0, length: size }];
    },
    async discard() {
      pieces = [];
      if (file === undefined) return;
      await file.close();
      file = undefined;
      await unlink(join(place(), blob));
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    // A full disk may take a part first.
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}

async function* readFile(path: string, start: number, length: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (let read = 0; read < length;) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_SIZE, length - read));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start + read);
      if (bytesRead === 0) throw new Error(`${path} is shorter than it was written`);
      read += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
