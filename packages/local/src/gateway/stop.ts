/**
 * Ending a server that has requests in hand and connections that do nothing.
 *
 * @module
 */
import type { IncomingMessage, Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';

/** Milliseconds a client has to finish sending its request, and to take its answer once that is there. */
const PATIENCE_MS = 2_000;

export interface Stopper {
  /** Tells of a request in hand until its answer is there. */
  readonly begin: (request: IncomingMessage, answered: Promise<void>) => void;
  /** Resolves when the last connection is closed. */
  readonly stop: () => Promise<void>;
}

/**
 * Follows a server's requests, so that it can be ended without cutting one off.
 *
 * Node's own way waits for connections that never sent a request, which browsers open in advance, and forever for a
 * client that stands still.
 */
export function stopper(server: Server): Stopper {
  const unanswered = new Map<IncomingMessage, Promise<void>>();
  /** Answers under way, by connection. */
  const connections = new Map<Socket, number>();
  let stopped: Promise<void> | undefined;

  server.on('connection', (socket) => {
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    connections.set(socket, (connections.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (connections.get(socket) ?? 1) - 1;
      if (connections.has(socket)) connections.set(socket, left);
      if (stopped !== undefined && left === 0) socket.destroySoon();
    });
  });

  const stop = async (): Promise<void> => {
    // The HTTP server's own `close` cuts off answers that are written but not yet taken; this one only stops to listen.
    const closed = new Promise<void>((done) => void NetServer.prototype.close.call(server, () => done()));
    for (const [socket, answers] of connections) if (answers === 0) socket.destroy();

    const dropUnsent = setTimeout(() => {
      for (const request of unanswered.keys()) if (!request.complete) request.destroy();
    }, PATIENCE_MS);
    await Promise.all(unanswered.values());
    clearTimeout(dropUnsent);

    const dropUnread = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await closed;
    clearTimeout(dropUnread);
  };
  return {
    begin(request, answered) {
      unanswered.set(request, answered);
      void answered.finally(() => unanswered.delete(request));
    },
    stop: () => (stopped ??= stop()),
  };
}
