/**
 * The query of a request: as it is on the wire, and taken apart with and without decoding.
 *
 * @module
 */
import { flattened, type Pairs } from './pairs.ts';
import { percentEncode } from './percent.ts';
import type { HttpRequest } from './request.ts';

const UNRESERVED = /[\w.~-]/;

/** The query without its question mark, encoded unless the test gave it as a string. */
export function wireQuery(query: HttpRequest['query']): string {
  if (query === undefined) return '';
  if (typeof query === 'string') return query.replace(/^\?/, '');
  return pairsOf(query)
    .map(([name, value]) => `${percentEncode(name, UNRESERVED)}=${percentEncode(value, UNRESERVED)}`)
    .join('&');
}

/** Decoded as API Gateway does it: `+` is a space, a malformed escape stays. */
export function decodedQuery(query: string): Pairs {
  return [...new URLSearchParams(query)];
}

/** Taken apart but not decoded, which is all that a load balancer does. */
export function encodedQuery(query: string): Pairs {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      return equals < 0 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
    });
}

function pairsOf(query: Exclude<HttpRequest['query'], string | undefined>): Pairs {
  return isPairs(query) ? query : flattened(query);
}

// `Array.isArray` alone does not narrow a readonly array out of the union.
function isPairs(query: Exclude<HttpRequest['query'], string | undefined>): query is Pairs {
  return Array.isArray(query);
}
