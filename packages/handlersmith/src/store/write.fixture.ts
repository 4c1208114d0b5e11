/**
 * Requests for the tests of writes.
 *
 * @module
 */
import type { BlobReference } from './types.ts';

let count = 0;

/** A key that no other test has used. */
export function freshKey(): string {
  count += 1;
  return `key-${count}`;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A request to store a photo. */
export function photo(idempotencyKey: string | undefined, body = 'a photo') {
  return {
    scope: 'tenant',
    idempotencyKey,
    body: bytesOf(body),
    contentType: 'image/jpeg',
    row: (blob: BlobReference) => ({ size: blob.size, title: 'sea' }),
    respond: ({ id, size }: { id: string; size: number }) => ({ id, size }),
  };
}
