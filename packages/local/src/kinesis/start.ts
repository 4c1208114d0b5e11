/**
 * A Kinesis API on this machine.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { clientConfigOf } from '../service/client.ts';
import type { LocalClientConfig } from '../service/client.ts';
import { KinesisError, notImplemented } from './errors.ts';
import { objectOf } from './input.ts';
import type { Input } from './input.ts';
import { listenBoth } from './listen.ts';
import type { AnswerJson } from './listen.ts';
import { operations } from './operations.ts';
import type { Kinesis } from './operations.ts';
import { openStore } from './store.ts';

/** What a Kinesis client needs to reach the local server and nothing else. */
export type LocalKinesisClientConfig = LocalClientConfig;

export interface StartKinesisOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** Folder that keeps streams and records between runs, `kinesis.log` in it. Default: memory. */
  folder?: string;
  /** The time that records get. Default: the real one. */
  clock?: Pick<Clock, 'now'>;
  /** Default: `us-east-1`. */
  region?: string;
  /** 12 digits. Default: twelve zeros. */
  accountId?: string;
}

export interface LocalKinesis extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new KinesisClient(…)`, which needs no request handler of its own: HTTP/2 is served as well. */
  readonly clientConfig: LocalKinesisClientConfig;
  /** Ends the server. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts a Kinesis API on loopback: streams with a fixed number of shards, records by partition key, iterators of all
 * types. Resharding, consumers with a fan-out of their own and everything else it does not know it refuses by name.
 *
 * @returns the endpoint, a client configuration, and the way to end it
 * @throws Error where the port is taken, or the folder is in use or damaged
 * @example
 * await using kinesis = await startKinesis();
 * const client = new KinesisClient(kinesis.clientConfig);
 * await client.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }));
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html
 */
export async function startKinesis(options: StartKinesisOptions = {}): Promise<LocalKinesis> {
  const { port = 0, clock = systemClock, region = 'us-east-1', accountId = '000000000000' } = options;
  const store = openStore(clock, options.folder);
  const kinesis: Kinesis = { store, region, accountId, now: () => clock.now() };
  const door = await listenBoth('startKinesis', port, answerOf(kinesis)).catch((error: unknown) => {
    store.close();
    throw error;
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= door.close().then(() => store.close()));
  return {
    endpoint: door.endpoint,
    clientConfig: clientConfigOf(door.endpoint, region),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answerOf(kinesis: Kinesis): AnswerJson {
  return (headers, body) => {
    try {
      return reply(200, run(kinesis, headers, body));
    } catch (error) {
      if (!(error instanceof KinesisError))
        return reply(500, { __type: 'InternalFailure', message: String(error) });
      return reply(error.status, { __type: error.code, message: error.message });
    }
  };
}

function run(kinesis: Kinesis, headers: Readonly<Record<string, unknown>>, body: Buffer): object {
  // A page in a browser cannot send this header to us without being asked for leave.
  if (headers['authorization'] === undefined)
    throw new KinesisError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const name = String(headers['x-amz-target']).replace('Kinesis_20131202.', '');
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw notImplemented(`the operation ${name}`);
  const input = inputOf(body);
  const unknown = Object.keys(input).find((parameter) => !operation.parameters.includes(parameter));
  if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} of ${name}`);
  return operation.run(kinesis, input);
}

function inputOf(body: Buffer): Input {
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch {
    // Nothing is no object either, which is what is said.
  }
  return objectOf(input);
}

function reply(status: number, output: object): ReturnType<AnswerJson> {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(output),
  };
}
