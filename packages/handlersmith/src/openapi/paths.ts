/**
 * Route patterns as OpenAPI path templates.
 *
 * @module
 */
import type { RouteManifest } from '../http/manifest.ts';
import { nameOf } from './names.ts';

/** A parameter of a path. */
export interface PathParameter {
  /** As the route calls it, and its schema. */
  readonly name: string;
  /** As the document calls it. */
  readonly documented: string;
  /** Takes the rest of the path. */
  readonly greedy: boolean;
}

/** Where a route stands in the document. */
export interface Place {
  readonly path: string;
  readonly parameters: readonly PathParameter[];
}

/** `{id}`, `{rest+}` */
const parameter = /\{([^{}+]+)(\+?)\}/g;

/**
 * Gives each route its path template. OpenAPI takes templates that differ in parameter names only for the same
 * path, so the first route on a path names its parameters for all of them.
 *
 * @throws TypeError when two routes would be the same operation
 */
export function placesOf(routes: readonly RouteManifest[]): readonly Place[] {
  const named = new Map<string, { readonly path: string; readonly names: readonly string[] }>();
  const taken = new Map<string, RouteManifest>();
  return routes.map((route) => {
    // The router has checked its patterns; the path of a health check is plain text.
    const parameters = [...route.path.matchAll(parameter)];
    const shape = route.path.replaceAll(parameter, '{}');
    const operation = `${route.method} ${shape}`;
    const other = taken.get(operation);
    if (other !== undefined) {
      throw new TypeError(
        `openapi: ${nameOf(other)} and ${nameOf(route)} are one path to OpenAPI, which has no greedy parameters; ` +
          'leave one of them out with the option include',
      );
    }
    taken.set(operation, route);
    let template = named.get(shape);
    if (template === undefined) {
      template = { path: route.path.replaceAll('+}', '}'), names: parameters.map(([, name = '']) => name) };
      named.set(shape, template);
    }
    const { path, names } = template;
    return {
      path,
      parameters: parameters.map(([, name = '', plus], index) => ({
        name,
        documented: names[index] ?? name,
        greedy: plus === '+',
      })),
    };
  });
}
