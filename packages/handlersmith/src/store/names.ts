/**
 * Names: of writes, blobs and rows.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { isObject } from '../handler/object.ts';
import type { RowKey } from './types.ts';

/** Hexadecimal digits of a write's name: 128 bits, so that no two writes ever share one. */
const NAME_DIGITS = 32;

/** Bytes a key in S3 may have. */
const LONGEST_KEY = 1024;

/** Separates what a blob's key says: no part of it holds one. */
const ROW_MARK = '~';

/** What a blob's key says. */
export interface BlobName {
  /** The day it was staged on, `yyyy-mm-dd`, by which sweeps go. */
  readonly day: string;
  /** Of the write it belongs to. */
  readonly write: string;
  /** The write's generation at the time. The sweep raises it before it deletes. */
  readonly generation: number;
  /** What makes it this blob: {@link contentName}, or the attempt's id for a long stream. */
  readonly content: string;
  /** The row that may refer to it: the sweep learns from a listing alone which row to look at. */
  readonly rowKey: RowKey;
}

/**
 * The name of a write, the same for every retry of it. A digest: neither length nor what is in scope and key matters,
 * and nothing private ends up in a key.
 *
 * @throws TypeError for a scope that holds a NUL, which could make two of them meet
 */
export function writeName(scope: string, idempotencyKey: string): string {
  if (scope.includes('\0')) throw new TypeError('scope must not hold the character NUL');
  return digest(`${scope}\0${idempotencyKey}`).slice(0, NAME_DIGITS);
}

/** SHA-256 in hexadecimal. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The day of a time, in UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/**
 * The key of a blob.
 *
 * @param prefix - the store's
 * @throws RangeError when the row's key makes it longer than S3 takes
 */
export function blobKey(prefix: string, { day, write, generation, content, rowKey }: BlobName): string {
  const row = Buffer.from(JSON.stringify(rowKey)).toString('base64url');
  const key = `${prefix}${day}/${write}/g${generation}.${content}${ROW_MARK}${row}`;
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw new RangeError(
      `rowKey is too long: it is part of the blob's key, which has ${Buffer.byteLength(key)} bytes where S3 takes ${LONGEST_KEY}`,
    );
  }
  return key;
}

/** Hexadecimal digits that tell content types apart. */
const TYPE_DIGITS = 8;

/**
 * What makes a blob of bytes this one: their SHA-256, and their content type, as the object has it for good. Were it
 * not part of the key, a request that came to nothing would leave its own to the next under the same key.
 */
export function contentName(sha256: string, contentType: string | undefined): string {
  return contentType === undefined ? sha256 : `${sha256}-${digest(contentType).slice(0, TYPE_DIGITS)}`;
}

const pattern = /^(\d{4}-\d{2}-\d{2})\/([0-9a-f]{32})\/g(0|[1-9]\d{0,14})\.([\w-]+)~([\w-]+)$/;

/** Reads the key of a blob; `undefined` for a key that is none of the store's. */
export function parseBlobKey(prefix: string, key: string): BlobName | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const [, day, write, generation, content, row] = pattern.exec(key.slice(prefix.length)) ?? [];
  if (
    day === undefined ||
    write === undefined ||
    generation === undefined ||
    content === undefined ||
    row === undefined
  ) {
    return undefined;
  }
  const rowKey = readRowKey(row);
  return rowKey === undefined ? undefined : { day, write, generation: Number(generation), content, rowKey };
}

function readRowKey(text: string): RowKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  return isRowKey(value) ? value : undefined;
}

/** Tells whether a value can be the key of a row: one or two attributes, numbers or texts that UTF-8 has. */
export function isRowKey(value: unknown): value is RowKey {
  if (!isObject(value) || Array.isArray(value)) return false;
  const parts: readonly unknown[] = Object.values(value);
  if (parts.length === 0 || parts.length > 2) return false;
  return parts.every((part) =>
    typeof part === 'string' ? part !== '' && part.isWellFormed() : Number.isFinite(part),
  );
}
