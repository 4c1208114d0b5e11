/**
 * What an HTTP handler says of itself, as plain data: `openapi` and template checks read it.
 *
 * @module
 */
import type { RouteOptions } from './options.ts';
import type { Method } from './pattern.ts';

/** One route of a handler. */
export interface RouteManifest {
  readonly method: Method;
  /** `/items/{id}` */
  readonly path: string;
  /** Schemas and descriptions, as given. */
  readonly options: RouteOptions;
}

/** What an HTTP handler is and what it needs around it. */
export interface HttpManifest {
  readonly trigger: 'http';
  readonly service: string | undefined;
  /** Who answers CORS: this handler, so that the gateway must not; or the gateway, if anybody. */
  readonly cors: 'handler' | 'gateway';
  /** Whether answers are streamed: Function URLs then need `InvokeMode: RESPONSE_STREAM`. */
  readonly streaming: boolean;
  readonly healthPath: string | undefined;
  /** Empty for a handler without a router, which takes whatever the gateway sends. */
  readonly routes: readonly RouteManifest[];
}
