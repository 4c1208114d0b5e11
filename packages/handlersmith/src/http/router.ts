/**
 * `httpRouter`: one function for a whole API.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { isObject } from '../handler/object.ts';
import { buildHttp, DEFAULT_BODY_LIMIT } from './build.ts';
import { extendable, extended, type Merged } from './defaults.ts';
import { type HttpHandler, manifestOf } from './handler.ts';
import { matcherOf } from './match.ts';
import { checkHttpOptions, type HttpOptions, httpRules } from './options.ts';
import { parsePattern, type PathParameters, type Pattern } from './pattern.ts';
import { type AnyRoute, compileRoute, type Route } from './route.ts';
import type { HttpEvent, HttpResult } from './source/event.ts';

/** Makes routers; `extend` makes a factory of your own out of it. */
export interface HttpRouterFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a table of routes. Unknown paths are answered with 404, known ones asked with
   * another method with 405 and `Allow`; `HEAD` is answered by `GET`, `OPTIONS` by itself.
   *
   * @param options - what holds for all routes: everything has a default
   * @param routes - patterns such as `GET /items/{id}` or `GET /files/{path+}`, each with its `route(…)`
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option or the routes that clash
   * @example
   * export const handler = httpRouter({ service: 'items-api' }, {
   *   'GET /items/{id}': route(async ({ path }) => (await items.get(path.id)) ?? notFound()),
   *   'POST /items': route({ body: NewItem }, async ({ body }) => created(await items.create(body))),
   * });
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
   */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- P is inferred from the keys; each types its own route
  <const Options extends HttpOptions, P extends Pattern>(
    options: Options,
    routes: {
      readonly [Key in P]: Route<PathParameters<Key>, FunctionEnvironmentOf<Merged<Defaults, Options>>>;
    },
  ): HttpHandler;
  /**
   * The same factory with defaults filled in.
   *
   * @param defaults - options; a router's own go before them, `use` lists are joined
   * @example
   * export const api = httpRouter.extend({ service: 'shop', tracer });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends HttpOptions>(defaults: More): HttpRouterFactory<Merged<Defaults, More>>;
}

const FACTORY = 'httpRouter';

/** Makes a Lambda handler for a whole API. See {@link HttpRouterFactory}. */
export const httpRouter: HttpRouterFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (defaults) =>
    (options: HttpOptions, routes: Readonly<Record<string, AnyRoute>>): HttpHandler => {
      const merged = extended(defaults, options);
      checkHttpOptions(FACTORY, merged, httpRules);
      if (!isObject(routes))
        throw new TypeError(`${FACTORY}: expected a table of routes, got ${typeof routes}`);
      const compiled = Object.entries(routes).map(([pattern, definition]) => ({
        parsed: parsePattern(pattern),
        target: compileRoute(pattern, definition, merged.bodyLimit ?? DEFAULT_BODY_LIMIT),
      }));
      if (compiled.length === 0) throw new TypeError(`${FACTORY}: expected at least one route`);
      const serve = buildHttp(FACTORY, merged, matcherOf(compiled));
      const manifest = manifestOf(
        merged,
        false,
        compiled.map(({ parsed, target }) => ({
          method: parsed.method,
          path: parsed.path,
          options: target.options,
        })),
      );
      return Object.assign(
        // The edge encodes it.
        (event: HttpEvent, context: Partial<Context> = {}) => serve(event, context) as Promise<HttpResult>,
        { manifest },
      );
    },
);
