/**
 * The page's server: static files, the API, and what happens as it happens.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

import type { LocalApp } from '../runner/index.ts';
import type { JournalChange } from '../runner/journal.ts';
import { cookieName, isToken, refusalOf, strangeness } from './access.ts';
import { answerApi } from './api.ts';
import { briefChange } from './brief.ts';
import { NotThere, Wrong } from './errors.ts';

/** Bytes of a request: a file that is dropped. */
const LARGEST_REQUEST = 1024 * 1024 * 1024;

/** Bytes of changes that wait for whoever follows them. */
const MOST_UNREAD = 16 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** What an app's own files are shown under: they may look like pages, but they run nothing. */
const SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export interface ServePageOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** Who knows it may use the page. Default: a random one. */
  token?: string;
}

export interface LocalPage {
  /** With the token: to be opened in a browser. */
  readonly url: string;
  /** Where the API is, for programs. */
  readonly endpoint: string;
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Serves the page of an app that is being played, on loopback alone.
 *
 * @throws Error where the port is taken
 */
export async function servePage(local: LocalApp, options: ServePageOptions = {}): Promise<LocalPage> {
  const token = options.token ?? randomBytes(18).toString('base64url');
  const followers = new Set<ServerResponse>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/' && url.searchParams.has('token')) {
      enter(request, response, url, token);
      return;
    }
    const refused = refusalOf(request, token);
    if (refused !== undefined) {
      send(response, refused.status, { error: refused.why });
      return;
    }
    if (url.pathname === '/api/changes') {
      follow(local, response, followers, url.searchParams.has('brief') ? briefChange : whole);
      return;
    }
    if (url.pathname.startsWith('/api/')) await api(local, request, response, url);
    else await file(response, url.pathname);
  };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, statusOf(error), { error: error instanceof Error ? error.message : String(error) });
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(`The page cannot listen on 127.0.0.1:${options.port ?? 0}: ${String(cause)}`, { cause });
  }
  // A TCP server that listens has an address with a port; the string form is for pipes.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const gone = once(server, 'close');
    server.close();
    for (const follower of followers) follower.end();
    server.closeAllConnections();
    await gone;
  };
  return { url: `${endpoint}/?token=${token}`, endpoint, token, close: () => (closed ??= end()) };
}

/** Trades the token of the address for a cookie, so that it stays in no history and no screenshot. */
function enter(request: IncomingMessage, response: ServerResponse, url: URL, token: string): void {
  const stranger = strangeness(request);
  if (stranger !== undefined) send(response, 403, { error: stranger });
  else if (!isToken(url.searchParams.get('token') ?? '', token))
    send(response, 401, { error: 'The token is wrong. Open the address that was printed at the start.' });
  else {
    const cookie = `${cookieName(request.socket.localPort)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
    response.writeHead(303, { ...HEADERS, location: '/', 'set-cookie': cookie });
    response.end();
  }
}

async function api(
  local: LocalApp,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const answer = await answerApi(local, {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    body: await read(request),
  });
  if ('bytes' in answer && Buffer.isBuffer(answer.bytes)) {
    const { bytes, contentType } = answer as { bytes: Buffer; contentType: string }; // one of two shapes
    response.writeHead(200, { ...HEADERS, 'content-security-policy': SANDBOX, 'content-type': contentType });
    response.end(bytes);
  } else {
    send(response, 200, answer);
  }
}

/** Server-sent events: each change of the journal, as it happens. */
function follow(
  local: LocalApp,
  response: ServerResponse,
  followers: Set<ServerResponse>,
  seen: (change: JournalChange) => object,
): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(': here\n\n');
  followers.add(response);
  const leave = local.journal.follow((change) => {
    response.write(`data: ${JSON.stringify(seen(change))}\n\n`);
    // A tab that stands still would have us keep all of it: it asks anew when it is looked at again.
    if (response.writableLength > MOST_UNREAD) response.destroy();
  });
  response.on('close', () => {
    leave();
    followers.delete(response);
  });
}

const whole = (change: JournalChange): object => change;

async function file(response: ServerResponse, pathname: string): Promise<void> {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const type = TYPES[extname(name)];
  const path = join(import.meta.dirname, 'static', name);
  if (type === undefined || !/^[\w-]+(?:\.[\w-]+)*$/u.test(name) || !(await isFile(path)))
    throw new NotThere(`There is no ${pathname}`);
  response.writeHead(200, { ...HEADERS, 'content-type': type });
  createReadStream(path).pipe(response);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_REQUEST) throw new Wrong(`Requests end at ${LARGEST_REQUEST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function statusOf(error: unknown): number {
  if (error instanceof NotThere) return 404;
  return error instanceof Wrong ? 400 : 500;
}
