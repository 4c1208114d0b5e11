/**
 * What stands in front of DynamoDB in an app that is played: it sees who writes what, and lets items expire.
 *
 * @module
 */
import { once } from 'node:events';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Clock } from '../clock/clock.ts';
import { stopper } from '../gateway/stop.ts';
import { serviceCall } from '../mapping/call.ts';
import { isLoopback } from '../service/listen.ts';
import { expireItems } from './expiry.ts';
import type { ExpiringTable } from './expiry.ts';
import { rememberWrites } from './writes.ts';

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

export interface DynamoDbFrontOptions {
  /** Endpoint of the server behind. */
  readonly server: string;
  readonly region: string;
  readonly clock: Clock;
  /** TCP port on loopback. Default: a free one. */
  readonly port?: number;
  readonly onProblem: (problem: string) => void;
}

export interface DynamoDbFront {
  readonly endpoint: string;
  /** Tells of a table: names of its key attributes, and the attribute that holds when an item expires. */
  readonly declare: (name: string, keys: readonly string[], expiresBy: string | undefined) => void;
  /** Trace header of the last request that wrote the item. */
  readonly traceOf: (table: string, keys: unknown) => string | undefined;
  /** Whether the item was deleted because its time was over. */
  readonly isExpired: (table: string, keys: unknown) => boolean;
  /** Deletes now what has expired. */
  readonly sweep: () => Promise<number>;
  close(): Promise<void>;
}

/** Starts the front of a DynamoDB server that runs. */
export async function dynamoDbFront(options: DynamoDbFrontOptions): Promise<DynamoDbFront> {
  const { server: behind, region, clock, onProblem } = options;
  const tables = new Map<string, { keys: readonly string[]; expiresBy: string | undefined }>();
  const writes = rememberWrites((table) => tables.get(table)?.keys);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The engine behind would give any web page leave to ask for anything.
    if (!isLoopback(request.headers.host) || request.headers.origin !== undefined) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' });
      response.end('Not called by a program of this machine.');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    note(request, body);
    await forward(request, response, body);
  };
  const note = (request: IncomingMessage, body: Buffer): void => {
    const target = String(request.headers['x-amz-target']);
    const trace = request.headers['x-amzn-trace-id'];
    if (!/\.(?:Put|Update|Delete|BatchWrite|TransactWrite)Items?$/u.test(target)) return;
    try {
      const from = typeof trace === 'string' ? trace : undefined;
      writes.see(target.slice(target.indexOf('.') + 1), JSON.parse(body.toString()), from);
    } catch {
      // The server behind says what is wrong with it.
    }
  };
  const forward = (request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> =>
    new Promise((done) => {
      const { method = 'POST', url = '/' } = request;
      const headers = { ...request.headers, 'content-length': String(body.length) };
      const onward = httpRequest(new URL(url, behind), { method, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', ({ message }) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500, JSON_1_0).end(unanswered(message));
      });
      response.on('close', done);
      onward.end(body);
    });

  const server = createServer();
  const requests = stopper(server);
  server.on('request', (request, response) => {
    // The client went away while it was sending.
    requests.begin(
      request,
      pass(request, response).catch(() => void response.destroy()),
    );
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const expiry = expireItems({
    tables: () =>
      [...tables].flatMap(([name, { keys, expiresBy }]): ExpiringTable[] =>
        expiresBy === undefined ? [] : [{ name, keys, expiresBy }],
      ),
    dynamodb: serviceCall('dynamodb', { endpoint: behind, region, agent }),
    clock,
    onExpire: writes.expire,
    onProblem: (problem) => onProblem(`Items that should expire: ${problem}`),
  });
  return {
    // A TCP server that listens has an address with a port; the string form is for pipes.
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    declare: (name, keys, expiresBy) => void tables.set(name, { keys, expiresBy }),
    traceOf: writes.traceOf,
    isExpired: writes.isExpired,
    sweep: expiry.sweep,
    async close() {
      await expiry.stop();
      await requests.stop();
      agent.destroy();
    },
  };
}

/** An error as clients know it, for a server behind that is gone. */
function unanswered(reason: string): string {
  return JSON.stringify({
    __type: 'com.amazon.coral.service#InternalServerError',
    message: `DynamoDB on this machine does not answer: ${reason}`,
  });
}
