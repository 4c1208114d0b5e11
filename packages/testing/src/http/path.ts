/**
 * Paths: as they are on the wire, and matched against the route that the gateway chose.
 *
 * @module
 */
import { percentEncode } from './percent.ts';

/** What RFC 3986 allows in a path, with the percent sign of what is encoded already. */
const ALLOWED = /[\w.~!$&'()*+,;=:@/%-]/;

/**
 * The path as a client would send it.
 *
 * @throws TypeError when it does not start with a slash or holds a query
 */
export function wirePath(path: string): string {
  if (!path.startsWith('/')) {
    throw new TypeError(`The path of a request starts with "/", but this one is ${JSON.stringify(path)}.`);
  }
  if (path.includes('?')) {
    throw new TypeError(`The path ${JSON.stringify(path)} holds a "?": put what follows it in \`query\`.`);
  }
  return percentEncode(path, ALLOWED);
}

/** Puts a stage or a base path before a path: `('dev', '/items')` gives `/dev/items`. */
export function prefixed(prefix: string, path: string): string {
  return `/${prefix.replaceAll(/^\/+|\/+$/g, '')}${path}`;
}

/**
 * The parts of the path that a route names, still encoded.
 *
 * @param resource - route such as `/items/{id}` or `/{proxy+}`
 * @throws TypeError when a request for the path could not have come in by that route
 */
export function pathParameters(resource: string, path: string): Record<string, string> {
  const pattern = resource
    .split(/(\{[^{}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      return part.endsWith('+}') ? '(.+)' : '([^/]+)';
    })
    .join('');
  // API Gateway takes a trailing slash for the same route.
  const match = new RegExp(`^${pattern}/?$`).exec(path);
  if (match === null) {
    throw new TypeError(
      `A request for ${path} does not come in by the route ${resource}: change \`path\` or \`resource\`.`,
    );
  }
  const names = [...resource.matchAll(/\{([^{}+]+)\+?\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? '']));
}
