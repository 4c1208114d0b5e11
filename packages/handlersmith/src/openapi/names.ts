/**
 * Names for what has none: operations and component schemas.
 *
 * @module
 */
import type { RouteManifest } from '../http/manifest.ts';

/**
 * The operation id of each route: as given, else from method and path (`getItemsById`).
 *
 * @throws TypeError when two routes were given the same one
 */
export function operationIdsOf(routes: readonly RouteManifest[]): readonly string[] {
  const taken = new Map<string, RouteManifest>();
  for (const route of routes) {
    const { operationId } = route.options;
    if (operationId === undefined) continue;
    const other = taken.get(operationId);
    if (other !== undefined) {
      throw new TypeError(
        `openapi: operationId "${operationId}" stands at ${nameOf(other)} and at ${nameOf(route)}; it must be unique`,
      );
    }
    taken.set(operationId, route);
  }
  return routes.map((route) => {
    if (route.options.operationId !== undefined) return route.options.operationId;
    const derived = derivedId(route);
    let free = derived;
    for (let count = 2; taken.has(free); count++) free = `${derived}${count}`;
    taken.set(free, route);
    return free;
  });
}

/** `GET /items/{id}` */
export function nameOf(route: RouteManifest): string {
  return `${route.method} ${route.path}`;
}

function derivedId({ method, path }: RouteManifest): string {
  const words = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith('{') ? `By${pascalCase(segment)}` : pascalCase(segment)));
  return `${method.toLowerCase()}${words.join('') || 'Root'}`;
}

/** `list-items` → `ListItems` */
export function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A name that a component may have: as it is where it may be, else its words run together. */
export function componentName(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : pascalCase(name) || 'Schema';
}
