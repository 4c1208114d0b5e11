/**
 * A request as it reaches a gateway, before anything is made of it.
 *
 * @module
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Headers that belong to one connection and end at the gateway. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Name and value, in the order they came. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

export interface GatewayRequest {
  readonly id: string;
  readonly method: string;
  /** As sent, percent-encoded, with the stage. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names as sent; those that the gateway adds are among them. */
  readonly headers: Pairs;
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
  /** `X-Amzn-Trace-Id`, the client's own or a new one. */
  readonly trace: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** @param time - milliseconds since 1970 */
export function gatewayRequest(message: IncomingMessage, body: Buffer, time: number): GatewayRequest {
  // A proxy's absolute form: `GET http://host/path`.
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?#]*/iu, '');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const sourceIp = (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/u, '');
  const sent = sentHeaders(message);
  const trace = header(sent, 'x-amzn-trace-id') ?? newTrace(time);
  return {
    id: randomUUID(),
    method: message.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers: [...sent.filter(([name]) => !isAdded(name)), ...addedHeaders(message, sent, sourceIp, trace)],
    body,
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp,
    trace,
    time,
  };
}

/** The last value of a header, its name in any case. */
export function header(headers: Pairs, name: string): string | undefined {
  return headers.findLast(([one]) => one.toLowerCase() === name)?.[1];
}

/** A new trace id, as the first service on the way makes it. */
function newTrace(time: number): string {
  return `Root=1-${Math.floor(time / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}

function isAdded(name: string): boolean {
  return /^x-(?:amzn-trace-id|forwarded-(?:for|port|proto))$/iu.test(name);
}

function addedHeaders(message: IncomingMessage, sent: Pairs, sourceIp: string, trace: string): Pairs {
  const forwarded = header(sent, 'x-forwarded-for');
  return [
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-For', forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`],
    ['X-Forwarded-Port', String(message.socket.localPort ?? '')],
    ['X-Forwarded-Proto', 'http'],
  ];
}

function sentHeaders(message: IncomingMessage): Pairs {
  const pairs: [string, string][] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? '';
    // Node reads header bytes as Latin-1; they are UTF-8 wherever they are not ASCII.
    const value = Buffer.from(message.rawHeaders[index + 1] ?? '', 'latin1').toString('utf8');
    if (!HOP_BY_HOP.has(name.toLowerCase())) pairs.push([name, value]);
  }
  return pairs;
}
