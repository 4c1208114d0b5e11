/**
 * An HTTP API in front of a Lambda handler of this process.
 *
 * @module
 */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import type { AppGateway } from '../template/app.ts';
import { inProcess } from './in-process.ts';
import { INTEGRATION_TIMEOUT_MS } from './limits.ts';
import { serveGateway } from './serve.ts';

/** A Lambda handler for HTTP API events, payload format 2.0. */
export type HttpApiHandler = (event: APIGatewayProxyEventV2, context: Context) => unknown;

export interface ServeHttpApiOptions {
  /** TCP port. Default: a free one. */
  port?: number;
  /** Address to listen on. Default: `127.0.0.1`, this machine only. */
  host?: string;
  /**
   * Further names by which it may be called, such as a tunnel's: `*.example.com`, `*` for any. Default: addresses, and
   * names that nobody else can own.
   */
  hosts?: readonly string[];
  /** A named stage: requests must start with it, and the event's path has it, as in AWS. Default: `$default`, none. */
  stage?: string;
  /** The function's timeout in milliseconds, which the context counts down. Default: 30,000. */
  timeout?: number;
  /** Milliseconds the gateway waits for the function, 50 to 30,000. Default: 30,000. */
  integrationTimeout?: number;
  /** Told what a client is not: why an answer became a 500, 503 or 413. Default: one line on standard error. */
  onProblem?: (problem: string, cause?: unknown) => void;
  /** Stops the server when it aborts. */
  signal?: AbortSignal;
}

export interface LocalHttpApi extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`, with the stage where one is named. No slash at the end. */
  readonly url: string;
  /** Takes no new request, lets running ones finish, closes idle connections. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Serves a handler as API Gateway's HTTP API would: the same events, the same limits, the same errors.
 *
 * What it cannot show: authorizers, CORS in the gateway, throttling, routes with path parameters (every request goes
 * to `$default`), custom domains.
 *
 * @param handler - an `(event, context)` function; what it returns is read by the rules of payload format 2.0
 * @throws Error where the port is taken; RangeError for a timeout AWS would refuse
 * @example
 * const api = await serveHttpApi(handler);
 * const answer = await fetch(`${api.url}/items`);
 * await api.stop();
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
export async function serveHttpApi(
  handler: HttpApiHandler,
  options: ServeHttpApiOptions = {},
): Promise<LocalHttpApi> {
  const { port = 0, host = '127.0.0.1', hosts = [], stage = '$default', signal } = options;
  const report = options.onProblem ?? reportOnStandardError;
  const timeout = within('timeout', options.timeout ?? 30_000, 1, 900_000);
  const integrationTimeout = within(
    'integrationTimeout',
    options.integrationTimeout ?? INTEGRATION_TIMEOUT_MS,
    50,
    INTEGRATION_TIMEOUT_MS,
  );
  signal?.throwIfAborted();

  const invoke = inProcess(handler, timeout, report);
  const { url, stop: stopGateway } = await serveGateway(catchAll(stage, integrationTimeout), {
    port,
    host,
    hosts,
    report,
    invoke,
  });
  const stop = (): Promise<void> => {
    signal?.removeEventListener('abort', stopOnAbort);
    return stopGateway();
  };
  const stopOnAbort = (): void => void stop();
  signal?.addEventListener('abort', stopOnAbort, { once: true });
  return { url, stop, [Symbol.asyncDispose]: stop };
}

/** An HTTP API with nothing but a default route. */
function catchAll(stage: string, timeout: number): AppGateway {
  const place = { file: '', line: 0 };
  return {
    id: 'local',
    name: 'local',
    arn: 'arn:aws:apigateway:us-east-1::/apis/local',
    kind: 'http-api',
    stage,
    place,
    routes: [{ method: 'ANY', path: '$default', function: 'local', payloadVersion: '2.0', timeout, place }],
    binaryMediaTypes: [],
  };
}

function within(option: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new RangeError(
    `serveHttpApi: option "${option}" must be ${least} to ${most} milliseconds, got ${value}`,
  );
}

function reportOnStandardError(problem: string, cause?: unknown): void {
  console.error(`[http api] ${problem}`, ...(cause === undefined ? [] : [cause]));
}
