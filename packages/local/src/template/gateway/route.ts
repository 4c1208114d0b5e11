/**
 * Routes of gateways.
 *
 * @module
 */
import type { AppRoute } from '../app.ts';
import { addTo } from '../draft.ts';
import type { Draft } from '../draft.ts';

/** Milliseconds a gateway waits: least, most, and what it waits unless it is told. */
export const httpApiWait = { least: 50, most: 30_000, unit: 'milliseconds', usual: 30_000 };
/** Over 29 seconds needs a higher quota, which an account may have. */
export const restApiWait = { least: 50, most: 300_000, unit: 'milliseconds', usual: 29_000 };

const methods: ReadonlySet<string> = new Set([
  'ANY',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
]);

/** Adds a route to a gateway. Two routes for the same requests are an error, and so is a path that is none. */
export function addRoute(gateway: string, route: AppRoute, draft: Draft): void {
  const error = (line: number, message: string): void => draft.stack.findings.error(line, message);
  const { line } = route.place;
  const label = `${gateway}: route "${route.method} ${route.path}"`;
  const method =
    route.method.toUpperCase() === 'X-AMAZON-APIGATEWAY-ANY-METHOD' ? 'ANY' : route.method.toUpperCase();
  if (!methods.has(method)) error(line, `${label}: "${route.method}" is no method`);
  const fault = route.path === '$default' ? undefined : faultOf(route.path);
  if (fault !== undefined) error(line, `${label}: ${fault}`);

  const sameRequests = (other: AppRoute): boolean =>
    other.method === method && shape(other.path) === shape(route.path);
  const rival = draft.routes.get(gateway)?.find(sameRequests);
  if (rival !== undefined) {
    error(line, `${label} is there twice: line ${rival.place.line} has it for ${rival.function}`);
    return;
  }
  addTo(draft.routes, gateway, { ...route, method });
}

function faultOf(path: string): string | undefined {
  if (!path.startsWith('/')) return 'a path begins with /';
  const parts = path.slice(1).split('/');
  const names = parts.flatMap((part) => /^\{([^{}]+?)\+?\}$/.exec(part)?.[1] ?? []);
  if (parts.some((part) => /[{}]/.test(part) && !/^\{[\w.:-]+\+?\}$/.test(part)))
    return 'a parameter fills a whole part of the path: {name}';
  if (parts.slice(0, -1).some((part) => part.endsWith('+}')))
    return '{name+} must be the last part of the path';
  return new Set(names).size < names.length ? 'a parameter is there twice' : undefined;
}

/** Parameters match the same whatever they are called. */
function shape(path: string): string {
  return path.replace(/\{[^{}]*?(\+?)\}/g, '{$1}');
}
