/**
 * What all lists are asked alike: how many, and in which letters.
 *
 * @module
 */
import { invalidArgument } from './errors.ts';

const MOST = 1000;

/** The most entries of a page. @throws S3Error where it is no number; what is above S3's own limit means that limit */
export function limitOf(query: ReadonlyMap<string, string>, parameter: string): number {
  const text = query.get(parameter);
  if (text === undefined || text === '') return MOST;
  if (!/^\d{1,10}$/u.test(text) || Number(text) > 2_147_483_647)
    throw invalidArgument(parameter, text, 'Provided max-keys not an integer or within integer range');
  return Math.min(Number(text), MOST);
}

/** How keys are written. @throws S3Error for another encoding than `url` */
export function encodingOf(query: ReadonlyMap<string, string>): (text: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === undefined) return (text) => text;
  if (encoding !== 'url')
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
  return urlEncoded;
}

/** As S3 encodes keys in lists and events: like a form, but slashes stay. */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()~]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/');
}
