/**
 * Reading headers whatever their case.
 *
 * @module
 */

/** Headers as the sources send them, by name, once or as lists; absent values and absent maps occur. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined;

/** One header by its lower-case name, its repeats joined as HTTP joins them. */
export function oneHeader(headers: Headers, name: string): string | undefined {
  if (headers === null || headers === undefined) return undefined;
  if (Object.hasOwn(headers, name)) return joined(name, headers[name]);
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return joined(name, headers[key]);
  }
  return undefined;
}

/** All headers, names in lower case. Without a prototype: a header called `constructor` is just a header. */
export function allHeaders(headers: Headers): Record<string, string> {
  const all = Object.create(null) as Record<string, string>; // Object.create knows no types
  for (const [name, given] of Object.entries(headers ?? {})) {
    const lowerCase = name.toLowerCase();
    const value = joined(lowerCase, given);
    if (value !== undefined) all[lowerCase] = value;
  }
  return all;
}

/** With commas (RFC 9110, section 5.3); HTTP/2 lets a client send each cookie by itself, and those go by semicolons (RFC 9113, section 8.2.3). */
function joined(name: string, value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(name === 'cookie' ? '; ' : ', ') : value;
}

/** The pairs of a `cookie` header. */
export function cookiePairs(header: string | undefined): readonly string[] {
  return header === undefined || header === '' ? [] : header.split(/; */);
}
