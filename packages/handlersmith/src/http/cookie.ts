/**
 * Cookies in and out.
 *
 * @module
 */

/** Cookies by name, their values decoded. */
export type Cookies = Readonly<Record<string, string>>;

/** A cookie to set. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: Date;
  /** Seconds. */
  readonly maxAge?: number;
  /** Kept from scripts. Default `true`. */
  readonly httpOnly?: boolean;
  /** Sent over HTTPS only. Default `true`. */
  readonly secure?: boolean;
  /** Default `'Lax'`. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  readonly partitioned?: boolean;
}

/** Cookie names are tokens, RFC 6265 section 4.1.1. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;
const attributeText = /^[\x20-\x3a\x3c-\x7e]*$/;

/**
 * Cookies from `name=value` pairs. The first of a name wins, as browsers send the most specific one first.
 * A value with a malformed percent-encoding is kept as it came: other programs set cookies too.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 */
export function parseCookies(pairs: readonly string[]): Cookies {
  const cookies = Object.create(null) as Record<string, string>; // without a prototype no name is special
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    if (name in cookies) continue;
    cookies[name] = decodeCookieValue(pair.slice(equals + 1).trim());
  }
  return cookies;
}

function decodeCookieValue(raw: string): string {
  const value = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The `Set-Cookie` line of a cookie.
 *
 * @throws TypeError when name, domain or path hold characters that a cookie cannot carry, or when an age or a date is
 *   none: browsers would keep such a cookie for another time than was meant
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-4.1
 */
export function cookieLine(cookie: Cookie): string {
  const {
    name,
    value,
    domain,
    path = '/',
    expires,
    maxAge,
    httpOnly = true,
    secure = true,
    sameSite = 'Lax',
  } = cookie;
  if (!token.test(name))
    throw new TypeError(`Cookie name ${JSON.stringify(name)} holds characters that a name cannot hold`);
  for (const [attribute, text] of Object.entries({ domain: domain ?? '', path })) {
    if (!attributeText.test(text))
      throw new TypeError(`Cookie "${name}": ${attribute} holds characters it cannot hold`);
  }
  if (maxAge !== undefined && !Number.isFinite(maxAge))
    throw new TypeError(`Cookie "${name}": maxAge must be a number of seconds, got ${maxAge}`);
  if (Number.isNaN(expires?.getTime())) throw new TypeError(`Cookie "${name}": expires is not a valid date`);
  let line = `${name}=${encodeURIComponent(value.toWellFormed())}; Path=${path}`;
  if (domain !== undefined) line += `; Domain=${domain}`;
  if (expires !== undefined) line += `; Expires=${expires.toUTCString()}`;
  if (maxAge !== undefined) line += `; Max-Age=${Math.trunc(maxAge)}`;
  if (httpOnly) line += '; HttpOnly';
  if (secure) line += '; Secure';
  line += `; SameSite=${sameSite}`;
  return cookie.partitioned === true ? `${line}; Partitioned` : line;
}
