/**
 * A gateway of an app on a port of this machine.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { AppGateway } from '../template/app.ts';
import { gatewayError } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import { readBody } from './body.ts';
import { corsOf } from './cors.ts';
import { exchange } from './exchange.ts';
import type { InvokeForGateway, ReportProblem } from './exchange.ts';
import { functionUrl } from './function-url.ts';
import { hostCheck } from './host.ts';
import { httpApi } from './http-api.ts';
import type { GatewayKind } from './kind.ts';
import { REQUEST_HEAD_LIMIT } from './limits.ts';
import { loadBalancer } from './load-balancer.ts';
import { gatewayRequest } from './request.ts';
import { restApi } from './rest-api.ts';
import { stopper } from './stop.ts';
import { answerStream } from './stream.ts';

export interface ServeGatewayOptions {
  readonly invoke: InvokeForGateway;
  readonly report: ReportProblem;
  /** TCP port. Default: a free one. */
  readonly port?: number;
  /** Address to listen on. Default: `127.0.0.1`, this machine only. */
  readonly host?: string;
  /** Further names by which it may be called, such as a tunnel's. Default: none. */
  readonly hosts?: readonly string[];
  readonly accountId?: string;
}

export interface LocalGateway {
  /** With the stage where one is named. No slash at the end. */
  readonly url: string;
  /** Takes no new request, lets running ones finish, closes idle connections. May be called more than once. */
  readonly stop: () => Promise<void>;
}

const KINDS: Readonly<Record<AppGateway['kind'], (gateway: AppGateway, accountId: string) => GatewayKind>> = {
  'http-api': httpApi,
  'rest-api': restApi,
  'function-url': functionUrl,
  alb: loadBalancer,
};

/**
 * Serves a gateway: real requests become the events that its kind sends, answers are read by its rules, limits and
 * errors are its own.
 *
 * @throws Error where the port is taken
 */
export async function serveGateway(gateway: AppGateway, options: ServeGatewayOptions): Promise<LocalGateway> {
  const { port = 0, host = '127.0.0.1', hosts = [], accountId = '000000000000', invoke, report } = options;
  const mayCall = hostCheck(hosts);
  const kind = KINDS[gateway.kind](gateway, accountId);
  const answerTo = exchange({ gateway, accountId, kind, invoke, report });
  const cors = corsOf(gateway.cors, gateway.kind !== 'rest-api');

  const server = createServer({ maxHeaderSize: REQUEST_HEAD_LIMIT });
  const requests = stopper(server);

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!mayCall(message.headers.host)) {
      send(message, response, strange(message.headers.host), false);
      return;
    }
    const body = await readBody(message, kind.bodyLimit);
    const request = gatewayRequest(message, body ?? Buffer.alloc(0), Date.now());
    const stream =
      gateway.streams === true
        ? answerStream(response, (headers) => cors.apply(request, headers))
        : undefined;
    const answer = body === undefined ? kind.refusals['body-too-large'] : await answerTo(request, stream);
    if (answer === 'streamed') response.end();
    else send(message, response, answer, server.listening);
  };
  server.on('request', (message, response) => {
    const answered = serve(message, response).catch((error: unknown) => {
      // A client that went away while it was sending is nobody's fault.
      if (message.complete) report(`The answer broke off: ${messageOf(error)}`, error);
      response.destroy();
    });
    requests.begin(message, answered);
  });

  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(
      `${gateway.kind} ${gateway.name}: cannot listen on ${host}:${port}: ${messageOf(cause)}`,
      { cause },
    );
  }
  // A TCP server that listens has an address with a port; the string form is for pipes.
  const address = server.address() as AddressInfo;
  const authority = `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  return { url: `http://${authority}${stagePath(gateway)}`, stop: () => requests.stop() };
}

/** For whoever has a name of their own point here; it is no answer of AWS's. */
function strange(host: string | undefined): GatewayAnswer {
  return gatewayError(
    403,
    `Called as "${host}", which is no name of this machine. Allow it with --host or the option "hosts".`,
  );
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: GatewayAnswer,
  keepAlive: boolean,
): void {
  const hasBody = answer.status >= 200 && answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, [
    ...answer.headers.flat(),
    ...(hasBody ? ['content-length', String(answer.body.length)] : []),
    ...(keepAlive ? [] : ['connection', 'close']),
  ]);
  response.end(hasBody && request.method !== 'HEAD' ? answer.body : undefined);
}

function stagePath({ kind, stage }: AppGateway): string {
  return stage !== '$default' && (kind === 'rest-api' || kind === 'http-api') ? `/${stage}` : '';
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
