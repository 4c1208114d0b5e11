/**
 * Requests as bytes, for what a well-behaved client would not send.
 *
 * @module
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Header lines as they came. */
  readonly lines: readonly string[];
  readonly body: string;
}

/** Opens a connection to the server a URL names. */
export function openTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((open, fail) => {
    const socket = connect(Number(port), hostname, () => open(socket));
    socket.once('error', fail);
  });
}

/** Sends one request head and body as given, and reads until the server closes: send `Connection: close`. */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const socket = await openTo(url);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((done) => void socket.once('close', () => done()));
  socket.write(text);
  await closed;
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  return { status: Number(statusLine.split(' ')[1]), lines, body: rest.join('\r\n\r\n') };
}
