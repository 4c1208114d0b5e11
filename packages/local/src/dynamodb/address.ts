/**
 * Addresses of this machine that nobody finds who was not told.
 *
 * @module
 */
import { randomInt } from 'node:crypto';

/**
 * One of the sixteen million addresses of loopback. A DynamoDB engine gives any web page leave to read and write its
 * tables; here no page can guess where it is. Some systems have but one such address.
 */
export function hiddenAddress(platform: string = process.platform): string {
  if (platform !== 'linux' && platform !== 'win32') return '127.0.0.1';
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
}
