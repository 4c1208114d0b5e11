/**
 * Reading headers whatever their case.
 *
 * @module
 */

/** A single-value header map, as the sources send it; absent values and absent maps occur. */
export type HeaderMap = Readonly<Record<string, string | undefined>> | null | undefined;
/** The same with lists. */
export type HeaderLists = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

/** One header by its lower-case name. */
export function singleHeader(headers: HeaderMap, name: string): string | undefined {
  if (headers === null || headers === undefined) return undefined;
  if (Object.hasOwn(headers, name)) return headers[name];
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key];
  }
  return undefined;
}

/** One header of a map of lists, its repeats joined as HTTP joins them (RFC 9110, section 5.3). */
export function listedHeader(headers: HeaderLists, name: string): string | undefined {
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) return headers[key]?.join(', ');
  }
  return undefined;
}

/** All headers of a single-value map. */
export function allSingle(headers: HeaderMap): Record<string, string> {
  const all = emptyHeaders();
  for (const [name, value] of Object.entries(headers ?? {}))
    if (value !== undefined) all[name.toLowerCase()] = value;
  return all;
}

/** All headers of a map of lists. */
export function allListed(headers: HeaderLists): Record<string, string> {
  const all = emptyHeaders();
  for (const [name, values] of Object.entries(headers ?? {})) {
    if (values !== undefined) all[name.toLowerCase()] = values.join(', ');
  }
  return all;
}

/** Without a prototype: a header called `constructor` is just a header. */
function emptyHeaders(): Record<string, string> {
  return Object.create(null) as Record<string, string>; // Object.create knows no types
}

/** The pairs of a `cookie` header. */
export function cookiePairs(header: string | undefined): readonly string[] {
  return header === undefined || header === '' ? [] : header.split(/; */);
}
