/**
 * Names that the server gives.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';

/** Of a request: 16 characters, as S3's. */
export function newRequestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}

/** Of a version or an upload: URL-safe, and like nothing anybody could rely on. */
export function newId(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', '.');
}
