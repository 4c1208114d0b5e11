/**
 * `httpHandler`: one function for one thing.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { buildHttp, DEFAULT_BODY_LIMIT } from './build.ts';
import { extended, type Merged } from './defaults.ts';
import type { EnvironmentOf, HttpInput, HttpOutput } from './input.ts';
import type { HttpManifest } from './manifest.ts';
import { checkHttpOptions, type HttpOptions, httpRules, type RouteOptions, routeRules } from './options.ts';
import { compileRoute } from './route.ts';
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
      input: HttpInput<Options, GatewayPath, EnvironmentOf<Merged<Defaults, Options>>>,
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

/** Makes a Lambda handler for one kind of HTTP request. See {@link HttpHandlerFactory}. */
export const httpHandler: HttpHandlerFactory<object> = factoryOf({});

function factoryOf(defaults: HttpOptions): HttpHandlerFactory<object> {
  const factory = (options: HttpOptions & RouteOptions, run: (input: never) => unknown): HttpHandler => {
    const merged = extended(defaults, options);
    checkHttpOptions(FACTORY, merged, { ...httpRules, ...routeRules });
    const { routeOptions, httpOptions } = separated(merged);
    const route = compileRoute(
      FACTORY,
      { options: routeOptions, run },
      merged.bodyLimit ?? DEFAULT_BODY_LIMIT,
    );
    const found = { kind: 'found', target: route, parameters: undefined } as const;
    const serve = buildHttp(FACTORY, httpOptions, () => found);
    return Object.assign(
      // The edge encoded it.
      async (event: HttpEvent, context: Partial<Context> = {}) => (await serve(event, context)) as HttpResult,
      { manifest: manifestOf(httpOptions) },
    );
  };
  return Object.assign(factory, {
    extend: (more: HttpOptions) => {
      checkHttpOptions(`${FACTORY}.extend`, more, httpRules);
      return factoryOf(extended(defaults, more));
    },
  });
}

function separated(options: HttpOptions & RouteOptions): {
  routeOptions: RouteOptions;
  httpOptions: HttpOptions;
} {
  const entries = Object.entries(options);
  return {
    routeOptions: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(routeRules, name))),
    httpOptions: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(httpRules, name))),
  };
}

function manifestOf(options: HttpOptions): HttpManifest {
  return {
    trigger: 'http',
    service: options.service,
    cors: options.cors === undefined ? 'gateway' : 'handler',
    streaming: false,
    healthPath: options.health?.path,
    routes: [],
  };
}
