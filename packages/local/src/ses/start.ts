/**
 * An SES API on this machine, which sends nothing and keeps what it was given.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { clientConfigOf } from '../service/client.ts';
import type { LocalClientConfig } from '../service/client.ts';
import { listen } from '../service/listen.ts';
import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { badRequest, notImplemented, SesError } from './errors.ts';
import type { SentMail } from './mail.ts';
import { readMail } from './send.ts';

/** Bytes of a request: a raw mail in base64, and then some. */
const LARGEST_REQUEST = 60 * 1024 * 1024;

/** Mails that are kept; the oldest go first. */
const KEPT = 1_000;

/** What an SES v2 client needs to reach the local server and nothing else. */
export type LocalSesClientConfig = LocalClientConfig;

export interface StartSesOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** The time that mails get. Default: the real one. */
  clock?: Pick<Clock, 'now'>;
  /** Default: `us-east-1`. */
  region?: string;
  /** Addresses and domains that may send, as in the sandbox of SES. Default: all. */
  verified?: readonly string[];
  /** Told of each mail. */
  onMail?: (mail: SentMail) => void;
}

export interface LocalSes extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new SESv2Client(…)`. */
  readonly clientConfig: LocalSesClientConfig;
  /** The mails that were sent, the oldest first; the last 1,000 are kept. */
  mails(): readonly SentMail[];
  /** Ends the server. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts an SES v2 API on loopback. It knows `SendEmail` with simple and raw content, and refuses all else by name.
 * Mails are kept in memory.
 *
 * @returns the endpoint, a client configuration, the mails that were sent, and the way to end it
 * @throws Error where the port is taken
 * @example
 * await using ses = await startSes();
 * const client = new SESv2Client(ses.clientConfig);
 * await sendWelcome(client);
 * console.log(ses.mails()[0]?.subject);
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html
 */
export async function startSes(options: StartSesOptions = {}): Promise<LocalSes> {
  const { region = 'us-east-1', clock = systemClock, verified, onMail } = options;
  const mails: SentMail[] = [];
  const isVerified = (address: string): boolean =>
    verified === undefined || verified.some((one) => address === one || address.endsWith(`@${one}`));

  const answer = async (request: ServiceRequest): Promise<ServiceAnswer> => {
    try {
      const content = await readMail(inputOf(request), isVerified);
      const trace = request.headers['x-amzn-trace-id'];
      const mail: SentMail = {
        ...content,
        messageId: `${randomUUID()}-000000`,
        sentAt: clock.now(),
        trace: typeof trace === 'string' ? trace : undefined,
      };
      mails.push(mail);
      if (mails.length > KEPT) mails.shift();
      onMail?.(mail);
      return reply(200, { MessageId: mail.messageId });
    } catch (error) {
      const refused = error instanceof SesError ? error : badRequest(messageOf(error));
      return reply(refused.status, { message: refused.message }, { 'x-amzn-errortype': refused.code });
    }
  };
  const door = await listen({ name: 'startSes', port: options.port, limit: LARGEST_REQUEST, answer });
  return {
    endpoint: door.endpoint,
    clientConfig: clientConfigOf(door.endpoint, region),
    mails: () => [...mails],
    close: () => door.close(),
    [Symbol.asyncDispose]: () => door.close(),
  };
}

function inputOf({ method, url, headers, body }: ServiceRequest): Readonly<Record<string, unknown>> {
  const [path = ''] = url.split('?', 1);
  // A page in a browser cannot send this header to us without being asked for leave.
  if (headers.authorization === undefined)
    throw new SesError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  if (method !== 'POST' || path !== '/v2/email/outbound-emails') throw notImplemented(`${method} ${path}`);
  const input: unknown = JSON.parse(body.toString());
  if (typeof input !== 'object' || input === null) throw badRequest('The request is no JSON object.');
  return input as Readonly<Record<string, unknown>>; // checked just now
}

function reply(
  status: number,
  output: object,
  headers: Readonly<Record<string, string>> = {},
): ServiceAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: JSON.stringify(output),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
