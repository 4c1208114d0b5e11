/**
 * `httpHandler`: one function for one thing.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { buildHttp, DEFAULT_BODY_LIMIT } from './build.ts';
import { extendable, extended, type Merged } from './defaults.ts';
import type { HttpInput, HttpOutput } from './input.ts';
import type { HttpManifest, RouteManifest } from './manifest.ts';
import type { Match } from './match.ts';
import { checkHttpOptions, type HttpOptions, httpRules, type RouteOptions, routeRules } from './options.ts';
import { type CompiledRoute, compileRoute } from './route.ts';
import type { HttpEvent, HttpResult } from './source/event.ts';

/** A Lambda handler for HTTP events of any source. */
export interface HttpHandler {
  (event: HttpEvent, context?: Partial<Context>): Promise<HttpResult>;
  /** What the handler is and needs, as plain data. */
  readonly manifest: HttpManifest;
}

/** Path parameters that the gateway matched. */
type GatewayPath = Readonly<Record<string, string | undefined>>;

/** Makes HTTP handlers; `extend` makes a factory of your own out of it. */
export interface HttpHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler out of a function that handles one kind of request, for API Gateway (REST and HTTP API),
   * Function URLs and load balancers alike.
   *
   * @param options - schemas of the request, CORS, limits: everything has a default
   * @param run - gets the validated request; what it returns is the answer: a value (200), `undefined` (204),
   *   an answer such as `created(…)`, or a problem such as `notFound(…)`
   * @returns a plain `(event, context) => Promise` function, to be exported as the handler
   * @throws TypeError, now and not in production, naming the wrong option
   * @example
   * const Greeting = z.object({ name: z.string() });
   *
   * export const handler = httpHandler({ query: Greeting }, ({ query }) => ({ hello: query.name }));
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
   */
  <const Options extends HttpOptions & RouteOptions>(
    options: Options,
    run: (
      input: HttpInput<Options, GatewayPath, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
    ) => HttpOutput<Options> | Promise<HttpOutput<Options>>,
  ): HttpHandler;
  /**
   * The same factory with defaults filled in: one file of these is how a team shares its settings.
   *
   * @param defaults - options; a handler's own go before them, `use` lists are joined
   * @example
   * export const http = httpHandler.extend({ service: 'shop', cors: { origins: ['https://shop.example.com'] } });
   * @throws TypeError naming a wrong option
   */
  extend<const More extends HttpOptions>(defaults: More): HttpHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'httpHandler';

type Run = (input: never) => unknown;

/** Makes a Lambda handler for one kind of HTTP request. See {@link HttpHandlerFactory}. */
export const httpHandler: HttpHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (defaults) =>
    (options: HttpOptions & RouteOptions, run: Run): HttpHandler => {
      const { httpOptions, find } = prepared(FACTORY, extended(defaults, options), run);
      const serve = buildHttp(FACTORY, httpOptions, find);
      return Object.assign(
        // The edge encodes it.
        (event: HttpEvent, context: Partial<Context> = {}) => serve(event, context) as Promise<HttpResult>,
        { manifest: manifestOf(httpOptions, false) },
      );
    },
);

/**
 * Checks the options of a handler without a router, and makes its one route.
 *
 * @throws TypeError naming the wrong option
 */
export function prepared(
  factory: string,
  options: HttpOptions & RouteOptions,
  run: Run,
): { httpOptions: HttpOptions; find: () => Match<CompiledRoute> } {
  checkHttpOptions(factory, options, { ...httpRules, ...routeRules });
  const entries = Object.entries(options);
  const those = (rules: object): object =>
    Object.fromEntries(entries.filter(([name]) => Object.hasOwn(rules, name)));
  const routeOptions: RouteOptions = those(routeRules);
  const httpOptions: HttpOptions = those(httpRules);
  const target = compileRoute(
    factory,
    { options: routeOptions, run },
    options.bodyLimit ?? DEFAULT_BODY_LIMIT,
  );
  const found = { kind: 'found', target, parameters: undefined } as const;
  return { httpOptions, find: () => found };
}

/** What a handler says of itself. */
export function manifestOf(
  options: HttpOptions,
  streaming: boolean,
  routes: readonly RouteManifest[] = [],
): HttpManifest {
  return {
    trigger: 'http',
    service: options.service,
    cors: options.cors === undefined ? 'gateway' : 'handler',
    streaming,
    healthPath: options.health?.path,
    routes,
  };
}
