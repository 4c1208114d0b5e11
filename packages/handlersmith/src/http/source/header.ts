/**
 * Reading headers whatever their case.
 *
 * @module
 */

/** Headers as the sources send them, by name, once or as lists; absent values and absent maps occur. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined;

/** One header by its lower-case name, its repeats joined as HTTP joins them (RFC 9110, section 5.3). */
export function oneHeader(headers: Headers, name: string): string | undefined {
  if (headers === null || headers === undefined) return undefined;
  if (Object.hasOwn(headers, name)) return joined(headers[name]);
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return joined(headers[key]);
  }
  return undefined;
}

/** All headers, names in lower case. Without a prototype: a header called `constructor` is just a header. */
export function allHeaders(headers: Headers): Record<string, string> {
  const all = Object.create(null) as Record<string, string>; // Object.create knows no types
  for (const [name, given] of Object.entries(headers ?? {})) {
    const value = joined(given);
    if (value !== undefined) all[name.toLowerCase()] = value;
  }
  return all;
}

function joined(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** The pairs of a `cookie` header. */
export function cookiePairs(header: string | undefined): readonly string[] {
  return header === undefined || header === '' ? [] : header.split(/; */);
}
