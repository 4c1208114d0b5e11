/**
 * Headers and parameters in the forms that events have them in.
 *
 * @module
 */
import type { Pairs } from './request.ts';

export function lowerCased(pairs: Pairs): Pairs {
  return pairs.map(([name, value]) => [name.toLowerCase(), value]);
}

/** Repeats joined by a comma, as payload format 2.0 has them. */
export function joined(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(Object.entries(listed(pairs)).map(([name, values]) => [name, values.join(',')]));
}

/** The last value of each. */
export function lastOfEach(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs);
}

/** All values of each. */
export function listed(pairs: Pairs): Record<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [value]);
    else list.push(value);
  }
  return Object.fromEntries(lists);
}

/** A query taken apart and decoded. */
export function decodedQuery(query: string): Pairs {
  return [...new URLSearchParams(query)];
}

/** A query taken apart and left as it was sent, which is all that a load balancer does. */
export function encodedQuery(query: string): Pairs {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      return equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
    });
}

/** The header lines of one name taken out: `[those, the others]`. */
export function split(pairs: Pairs, name: string): readonly [string[], Pairs] {
  const out: string[] = [];
  const rest: (readonly [string, string])[] = [];
  for (const pair of pairs) {
    if (pair[0].toLowerCase() === name) out.push(pair[1]);
    else rest.push(pair);
  }
  return [out, rest];
}

/** `undefined` for an empty record, which events leave out or write as null. */
export function unlessEmpty<Value>(record: Record<string, Value>): Record<string, Value> | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}
