/**
 * Keys and fingerprints: short texts that are the same for the same thing, in this process and any other.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { canonical } from './canonical.ts';

/** A part of a key. An empty text counts as absent. */
export type KeyPart = string | number | bigint | null | undefined;

/** What tells one piece of work from another: an id, or several that are one together. */
export type IdempotencyKey = KeyPart | readonly KeyPart[];

/**
 * The text under which a key is stored: the operation, and a digest of the key, so that neither length nor what is in
 * it matters, and nothing private ends up in a table's keys.
 *
 * @param operation - keys of one never meet those of another
 * @returns `undefined` when the key, or a part of it, is absent
 * @throws TypeError for a key that is a whole record: fields that change from delivery to delivery would be in it
 */
export function storedKey(operation: string, key: unknown): string | undefined {
  const parts: readonly unknown[] = Array.isArray(key) ? key : [key];
  if (parts.length === 0) return undefined;
  for (const part of parts) {
    if (part === undefined || part === null || part === '') return undefined;
    if (typeof part !== 'string' && typeof part !== 'bigint' && !Number.isFinite(part)) {
      throw new TypeError(
        `idempotency: key must give a string or a number, or a list of them, got ${kindOf(part)}. Name the field that identifies the work.`,
      );
    }
  }
  // Of fixed length and at the end: no operation's name can make two of them meet.
  return `${operation}#${digestOf(canonical('key', parts))}`;
}

/**
 * A digest of a payload. Fields in another order make no difference, nor do those that are `undefined`; bytes, dates,
 * big integers, maps and sets count by what they hold. See {@link canonical}.
 *
 * @param name - what it is, for messages
 * @throws TypeError naming the part of it that cannot be told from others
 */
export function fingerprintOf(payload: unknown, name: string = 'idempotency: payload'): string {
  return digestOf(canonical(name, payload));
}

function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('base64url');
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
