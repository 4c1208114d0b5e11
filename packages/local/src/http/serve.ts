/**
 * An HTTP API in front of a Lambda handler.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

import { gatewayError } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import { readBody } from './body.ts';
import { httpApiEvent, requestTarget } from './event.ts';
import { invoke } from './invoke.ts';
import { INTEGRATION_TIMEOUT_MS, REQUEST_HEAD_LIMIT } from './limits.ts';
import { stopper } from './stop.ts';

/** A Lambda handler for HTTP API events, payload format 2.0. */
export type HttpApiHandler = (event: APIGatewayProxyEventV2, context: Context) => unknown;

export interface ServeHttpApiOptions {
  /** TCP port. Default: a free one. */
  port?: number;
  /** Address to listen on. Default: `127.0.0.1`, this machine only. */
  host?: string;
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
  const {
    port = 0,
    host = '127.0.0.1',
    stage = '$default',
    signal,
    onProblem = reportOnStandardError,
  } = options;
  const timeouts = {
    function: within('timeout', options.timeout ?? 30_000, 1, 900_000),
    integration: within(
      'integrationTimeout',
      options.integrationTimeout ?? INTEGRATION_TIMEOUT_MS,
      50,
      INTEGRATION_TIMEOUT_MS,
    ),
  };
  signal?.throwIfAborted();

  const answerTo = async (request: IncomingMessage): Promise<GatewayAnswer> => {
    const body = await readBody(request);
    if (body === undefined) return gatewayError(413, 'Request Entity Too Large');
    const target = requestTarget(request.url ?? '/');
    if (target === undefined) return gatewayError(400, 'Bad Request');
    if (stage !== '$default' && target.path !== `/${stage}` && !target.path.startsWith(`/${stage}/`)) {
      return gatewayError(404, 'Not Found');
    }
    return invoke(handler, httpApiEvent(request, target, body, stage, Date.now()), timeouts, onProblem);
  };

  const server = createServer({ maxHeaderSize: REQUEST_HEAD_LIMIT });
  const requests = stopper(server);
  server.on('request', (request, response) => {
    const answered = answerTo(request).then(
      (answer) => send(request, response, answer, server.listening),
      // The client went away while it was sending.
      () => void response.destroy(),
    );
    requests.begin(request, answered);
  });

  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(
      `serveHttpApi: cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const stop = (): Promise<void> => {
    signal?.removeEventListener('abort', stopOnAbort);
    return requests.stop();
  };
  const stopOnAbort = (): void => void stop();
  signal?.addEventListener('abort', stopOnAbort, { once: true });

  // A TCP server that listens has an address with a port; the string form is for pipes.
  const address = server.address() as AddressInfo;
  const authority = `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  return {
    url: `http://${authority}${stage === '$default' ? '' : `/${stage}`}`,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: GatewayAnswer,
  keepAlive: boolean,
): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.cookies.length > 0 && { 'set-cookie': [...answer.cookies] }),
    ...(hasBody(answer.status) && { 'content-length': answer.body.length }),
    ...(!keepAlive && { connection: 'close' }),
  });
  response.end(hasBody(answer.status) && request.method !== 'HEAD' ? answer.body : undefined);
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
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
