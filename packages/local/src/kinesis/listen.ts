/**
 * A door for HTTP/1.1 and HTTP/2 without TLS on one port: Kinesis' client speaks the second.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Http2ServerRequest } from 'node:http2';
import { createServer as createNetServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { isLoopback } from '../service/listen.ts';

/** How every HTTP/2 connection begins. */
const PREFACE = 'PRI * HTTP/2.0';

/** Bytes of a request. */
const LIMIT = 32 * 1024 * 1024;

export type AnswerJson = (
  headers: Readonly<Record<string, unknown>>,
  body: Buffer,
) => { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** @throws Error where the port is taken */
export async function listenBoth(
  name: string,
  port: number,
  answer: AnswerJson,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const respond = async (request: IncomingMessage | Http2ServerRequest): Promise<ReturnType<AnswerJson>> => {
    // HTTP/2 has another name for it.
    const host = request.headers.host ?? request.headers[':authority'];
    if (!isLoopback(typeof host === 'string' ? host : undefined))
      return plain(403, 'Not called by a name of this machine.');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= LIMIT) chunks.push(chunk);
    }
    if (length > LIMIT) return plain(413, `Requests end at ${LIMIT} bytes.`);
    return answer(request.headers, Buffer.concat(chunks));
  };
  // Both say the same; their types have no call in common. A client that goes away while it sends gets no answer.
  const http1 = createServer((request, response) => {
    respond(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });
  const http2 = createHttp2Server((request, response) => {
    respond(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
  });

  const sockets = new Set<Socket>();
  const door = createNetServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // One that breaks off before it has said anything.
    socket.on('error', () => void socket.destroy());
    socket.once('readable', () => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) return;
      socket.unshift(first);
      const target = PREFACE.startsWith(first.toString('latin1', 0, PREFACE.length)) ? http2 : http1;
      target.emit('connection', socket);
    });
  });
  door.listen(port, '127.0.0.1');
  try {
    await once(door, 'listening');
  } catch (cause) {
    throw new Error(
      `${name}: cannot listen on 127.0.0.1:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const gone = once(door, 'close');
    door.close();
    for (const socket of sockets) socket.destroy();
    await gone;
  };
  // A TCP server that listens has an address with a port; the string form is for pipes.
  return {
    endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close: () => (closed ??= end()),
  };
}

function plain(status: number, body: string): ReturnType<AnswerJson> {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
