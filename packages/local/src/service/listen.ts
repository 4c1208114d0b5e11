/**
 * A service's door: HTTP on loopback, for clients on this machine.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|[a-z\d.-]+\.localhost|\[::1\])(?::\d+)?$/iu;

/**
 * Whether a `Host` header is a name by which a client on this machine may call. A web page that had its own name point
 * here has another.
 */
export function isLoopback(host: string | undefined): boolean {
  return LOOPBACK.test(host ?? '');
}

export interface ServiceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Calls back once where the client goes away before it has its answer. */
  onGone(callback: () => void): void;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ListenOptions {
  /** Who listens, for error messages. */
  readonly name: string;
  /** Default: a free one. */
  readonly port: number | undefined;
  /** Bytes of the largest request. */
  readonly limit: number;
  /** Must not reject. */
  readonly answer: (request: ServiceRequest) => ServiceAnswer | Promise<ServiceAnswer>;
}

export interface Door {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Takes no new connection, lets answers under way finish, closes the rest. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens a port on loopback for a service whose requests fit into memory.
 *
 * @throws Error where the port is taken
 */
export async function listen({ name, port = 0, limit, answer }: ListenOptions): Promise<Door> {
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = respond(request, response).finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isLoopback(request.headers.host))
      return send(response, plain(403, 'Not called by a name of this machine.'));
    try {
      const body = await read(request, limit);
      if (body === undefined) return await send(response, plain(413, `Requests end at ${limit} bytes.`));
      const { method = 'GET', url = '/', headers } = request;
      const onGone = (callback: () => void): void => {
        response.once('close', () => {
          if (!response.writableFinished) callback();
        });
      };
      return await send(response, await answer({ method, url, headers, body, onGone }));
    } catch {
      // The client went away while it was sending.
      response.destroy();
      return undefined;
    }
  };

  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(
      `${name}: cannot listen on 127.0.0.1:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  // A TCP server that listens has an address with a port; the string form is for pipes.
  const address = server.address() as AddressInfo;
  const end = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await Promise.all(underWay);
    server.closeAllConnections();
    await closed;
  };
  let ended: Promise<void> | undefined;
  return { endpoint: `http://127.0.0.1:${address.port}`, close: () => (ended ??= end()) };
}

/** Events: an async iterator took a third of the CPU time of a small request. */
function read(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
    });
    request.once('end', () => done(length > limit ? undefined : Buffer.concat(chunks, length)));
    request.once('error', fail);
    request.once('close', () => fail(new Error('The client went away')));
  });
}

/** Resolves when the answer is handed over, or there is nobody to take it. */
function send(response: ServerResponse, { status, headers, body }: ServiceAnswer): Promise<void> {
  return new Promise((done) => {
    if (response.closed) return done();
    response.once('close', done);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body, done);
    return undefined;
  });
}

function plain(status: number, body: string): ServiceAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
