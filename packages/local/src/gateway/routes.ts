/**
 * Which route a request takes. The kinds of gateway choose alike: by segment, what is written out before what is a
 * parameter, a parameter before what is greedy; then by method, a named one before `ANY`.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
 */
import type { AppRoute } from '../template/app.ts';

export interface RouteMatch {
  readonly route: AppRoute;
  /** As they stand in the path, still encoded where the path is. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a method and a path without its stage. */
export type FindRoute = (method: string, path: string) => RouteMatch | undefined;

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  /** Routes that end here, and those that take all that follows. */
  readonly routes: AppRoute[];
  readonly greedy: AppRoute[];
}

/**
 * Prepares the routes of a gateway.
 *
 * An HTTP API falls back: where the most specific path has no such method, a less specific one may have it, and
 * `$default` takes the rest. A REST API has one resource for a path, and that has the method or not.
 */
export function routeFinder(routes: readonly AppRoute[], { fallsBack }: { fallsBack: boolean }): FindRoute {
  const root = node();
  for (const route of routes) if (route.path !== '$default') place(root, segments(route.path), route);
  const rest = routes.find((route) => route.path === '$default');

  return (method, path) => {
    const wanted = segments(path);
    for (const candidates of descend(root, wanted)) {
      const route = forMethod(candidates, method);
      if (route !== undefined) return { route, parameters: parametersOf(route, wanted) };
      if (!fallsBack) return undefined;
    }
    return rest && { route: rest, parameters: {} };
  };
}

function node(): Node {
  return { literals: new Map(), routes: [], greedy: [] };
}

/** A slash at the end makes no difference. */
function segments(path: string): string[] {
  const inner = path.replace(/^\//u, '').replace(/\/$/u, '');
  return inner === '' ? [] : inner.split('/');
}

function place(from: Node, [segment, ...others]: string[], route: AppRoute): void {
  if (segment === undefined) from.routes.push(route);
  else if (/^\{[^}]+\+\}$/u.test(segment)) from.greedy.push(route);
  else if (/^\{[^}]+\}$/u.test(segment)) place((from.parameter ??= node()), others, route);
  else {
    const next = from.literals.get(segment) ?? node();
    from.literals.set(segment, next);
    place(next, others, route);
  }
}

/** The places that take the path, the most specific first; full matches before greedy ones. */
function* descend(from: Node, wanted: readonly string[]): Generator<readonly AppRoute[]> {
  yield* full(from, wanted);
  yield* greedy(from, wanted);
}

function* full(from: Node, [segment, ...others]: readonly string[]): Generator<readonly AppRoute[]> {
  if (segment === undefined) {
    if (from.routes.length > 0) yield from.routes;
    return;
  }
  const literal = from.literals.get(segment);
  if (literal !== undefined) yield* full(literal, others);
  if (from.parameter !== undefined) yield* full(from.parameter, others);
}

function* greedy(from: Node, [segment, ...others]: readonly string[]): Generator<readonly AppRoute[]> {
  if (segment === undefined) return;
  const literal = from.literals.get(segment);
  if (literal !== undefined) yield* greedy(literal, others);
  if (from.parameter !== undefined) yield* greedy(from.parameter, others);
  if (from.greedy.length > 0) yield from.greedy;
}

function forMethod(routes: readonly AppRoute[], method: string): AppRoute | undefined {
  return routes.find((route) => route.method === method) ?? routes.find((route) => route.method === 'ANY');
}

function parametersOf(route: AppRoute, wanted: readonly string[]): Record<string, string> {
  const parameters = segments(route.path).flatMap((segment, index) => {
    const [, name, plus] = /^\{([^}+]+)(\+?)\}$/u.exec(segment) ?? [];
    if (name === undefined) return [];
    return [[name, plus === '+' ? wanted.slice(index).join('/') : (wanted[index] ?? '')] as const];
  });
  // Not by assignment: a parameter may be called `__proto__`.
  return Object.fromEntries(parameters);
}
