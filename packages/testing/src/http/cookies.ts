/**
 * The cookies of a request as `name=value` strings.
 *
 * @module
 */
import { percentEncode } from './percent.ts';
import type { HttpRequest } from './request.ts';

/** What RFC 6265 lets a cookie's value hold, less the percent sign that marks what is encoded. */
const COOKIE_OCTET = /[!#-$&-+\--:<-[\]-~]/;

/** Cookies in the order in which the test states them. */
export function cookiePairs(cookies: HttpRequest['cookies']): string[] {
  if (cookies === undefined) return [];
  if (isList(cookies)) return [...cookies];
  return Object.entries(cookies).map(([name, value]) => `${name}=${percentEncode(value, COOKIE_OCTET)}`);
}

/** Cookies of a `cookie` header. */
export function splitCookies(header: string): string[] {
  return header
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

// `Array.isArray` alone does not narrow a readonly array out of the union.
function isList(cookies: Exclude<HttpRequest['cookies'], undefined>): cookies is readonly string[] {
  return Array.isArray(cookies);
}
