/**
 * Requests of the AWS query protocol: forms whose names are paths, such as `Tags.member.1.Key`.
 *
 * @module
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import { invalid } from './errors.ts';

/** A structure: values by their path below it. */
export type Query = ReadonlyMap<string, string>;

export function parseQuery(form: string): Query {
  return new Map(new URLSearchParams(form));
}

/** The names at the top of a structure. */
export function namesIn(query: Query): Set<string> {
  return new Set([...query.keys()].map((path) => path.split('.', 1)[0] ?? ''));
}

/** @throws SnsError where it is missing or empty */
export function required(query: Query, name: string): string {
  const value = query.get(name) ?? '';
  if (value === '') throw invalid(`${name} Reason: no value for required parameter`);
  return value;
}

/** The structures of a list. */
export function listIn(query: Query, name: string): readonly Query[] {
  return numbered(query, `${name}.member`);
}

/** The strings of a list. */
export function textsIn(query: Query, name: string): readonly string[] {
  return listIn(query, name).map((item) => item.get('') ?? '');
}

/** A map of strings. */
export function mapIn(query: Query, name: string): Record<string, string> {
  return Object.fromEntries(
    numbered(query, `${name}.entry`).map((entry) => [entry.get('key') ?? '', entry.get('value') ?? '']),
  );
}

/** A map of structures whose members are called `Name` and `Value`. */
export function namedIn(query: Query, name: string): readonly (readonly [string, Query])[] {
  return numbered(query, `${name}.entry`).map((entry) => [entry.get('Name') ?? '', below(entry, 'Value')]);
}

function numbered(query: Query, path: string): readonly Query[] {
  const found: Query[] = [];
  for (
    let item = below(query, `${path}.1`);
    item.size > 0;
    item = below(query, `${path}.${found.length + 1}`)
  ) {
    found.push(item);
  }
  return found;
}

/** What stands below a path; the value at the path itself under the empty name. */
function below(query: Query, path: string): Query {
  const found = new Map<string, string>();
  for (const [name, value] of query) {
    if (name === path) found.set('', value);
    else if (name.startsWith(`${path}.`)) found.set(name.slice(path.length + 1), value);
  }
  return found;
}
