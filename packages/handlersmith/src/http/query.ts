/**
 * Query strings: decoded once, repeats kept.
 *
 * @module
 */
import type { QueryPairs } from './source/event.ts';

/** Query parameters by name: a string, or a list where the name was repeated. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** A percent sign that starts no UTF-8 sequence. */
export class MalformedEncoding extends Error {
  override readonly name = 'MalformedEncoding';
  readonly statusCode = 400;
  /** The message is for the caller. */
  readonly expose = true;
  /** Where it is: `query` or `path`. */
  readonly part: 'query' | 'path';

  constructor(part: 'query' | 'path', cause: unknown) {
    super(`The ${part} holds a malformed percent-encoding`, { cause });
    this.part = part;
  }
}

/**
 * The pairs of a raw query string (`a=1&b=x%20y&a=2`).
 *
 * @throws MalformedEncoding on a percent sign that starts no UTF-8 sequence
 * @see https://url.spec.whatwg.org/#urlencoded-parsing
 */
export function parseQuery(raw: string): QueryPairs {
  const pairs: [string, string][] = [];
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals === -1) pairs.push([decodeFormText(part), '']);
    else pairs.push([decodeFormText(part.slice(0, equals)), decodeFormText(part.slice(equals + 1))]);
  }
  return pairs;
}

/**
 * Pairs of a query that comes by name, each value once or a list; absent lists and absent maps occur.
 *
 * @param decode - where the source leaves that to us
 */
export function pairsOf(
  byName: Readonly<Record<string, string | readonly string[] | undefined>> | null | undefined,
  decode: (text: string) => string = String,
): QueryPairs {
  const pairs: [string, string][] = [];
  for (const [name, given] of Object.entries(byName ?? {})) {
    const values = typeof given === 'string' ? [given] : (given ?? []);
    for (const value of values) pairs.push([decode(name), decode(value)]);
  }
  return pairs;
}

/** Form decoding: `+` is a blank, then percent-decoding. */
export function decodeFormText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    throw new MalformedEncoding('query', error);
  }
}

/** Groups pairs by name. The result has no prototype, so no name is special. */
export function groupQuery(pairs: QueryPairs): Query {
  const query = Object.create(null) as Record<string, string | string[]>; // Object.create knows no types
  for (const [name, value] of pairs) {
    const before = query[name];
    if (before === undefined) query[name] = value;
    else if (typeof before === 'string') query[name] = [before, value];
    else before.push(value);
  }
  return query;
}
