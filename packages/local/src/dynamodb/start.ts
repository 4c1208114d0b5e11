/**
 * A DynamoDB API on this machine.
 *
 * @module
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { clientConfigOf } from '../service/client.ts';
import type { LocalClientConfig } from '../service/client.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { Engine } from './engine.ts';
import { findEngine } from './find.ts';
import { freePort } from './port.ts';

/** Another process may take the free port before the engine does; so often in a row is no accident. */
const ATTEMPTS = 10;

/** What a DynamoDB client needs to reach the local server and nothing else. */
export type LocalDynamoDbClientConfig = LocalClientConfig;

export interface StartDynamoDbOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /**
   * Address on loopback. Default: `127.0.0.1`. The engines answer web pages as readily as programs; one that no page
   * finds keeps them out.
   */
  host?: string;
  /** File that keeps the tables between runs (a folder with DynamoDB Local). Default: memory. */
  dataFile?: string;
  /** Stops the server when it aborts, also while it is starting. */
  signal?: AbortSignal;
}

export interface LocalDynamoDb extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new DynamoDBClient(…)`. */
  readonly clientConfig: LocalDynamoDbClientConfig;
  /** Ends the server; its process is gone when this resolves. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts a DynamoDB API on loopback and waits until it answers. It ends with this process, however that ends.
 *
 * It is the engine itself, which gives any web page leave to ask for anything: a page that finds the port can read
 * and write the tables. That is little for a test of seconds; for a server that stays up, `startAws()` has one with a
 * front that answers programs alone, and that lets items expire.
 *
 * @returns the endpoint, a client configuration and the way to stop it
 * @throws Error with the server's own output where it does not start: port in use, data file that cannot be written,
 * no server for this platform
 * @throws the signal's reason where the signal aborts first
 * @example
 * await using dynamoDb = await startDynamoDb();
 * const client = new DynamoDBClient(dynamoDb.clientConfig);
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
 */
export async function startDynamoDb(options: StartDynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { signal } = options;
  signal?.throwIfAborted();
  const engine = findEngine();
  const dataFile = options.dataFile === undefined ? undefined : writablePath(options.dataFile);

  return startOn(engine, dataFile, options, ATTEMPTS);
}

async function startOn(
  engine: Engine,
  dataFile: string | undefined,
  options: StartDynamoDbOptions,
  attempts: number,
): Promise<LocalDynamoDb> {
  const { signal, host = '127.0.0.1' } = options;
  const port = options.port ?? (await freePort());
  const parameters = engine.parameters(host, port, dataFile);
  const child = startChild(engine.command, parameters, engine.cwd === undefined ? {} : { cwd: engine.cwd });
  const failure = await untilReady(child, engine, { host, port }, signal);
  engine.settled?.();
  if (failure === undefined) return running(child, `http://${host}:${port}`, signal);

  await child.stop();
  signal?.throwIfAborted();
  const lostRace = options.port === undefined && engine.portTaken(child.output());
  if (lostRace && attempts > 1) return startOn(engine, dataFile, options, attempts - 1);
  throw failure;
}

function running(child: Child, endpoint: string, signal: AbortSignal | undefined): LocalDynamoDb {
  const stop = async (): Promise<void> => {
    signal?.removeEventListener('abort', stopOnAbort);
    await child.stop();
  };
  const stopOnAbort = (): void => void stop();
  signal?.addEventListener('abort', stopOnAbort, { once: true });
  if (signal?.aborted === true) stopOnAbort();
  return {
    endpoint,
    clientConfig: clientConfigOf(endpoint, 'us-east-1'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Resolves to undefined once our own child listens and answers, else to the error that says why not. */
async function untilReady(
  child: Child,
  engine: Engine,
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal | undefined,
): Promise<Error | undefined> {
  const settled = new AbortController();
  const over = AbortSignal.any([
    settled.signal,
    AbortSignal.timeout(engine.patience),
    ...(signal ? [signal] : []),
  ]);
  try {
    // The port alone proves nothing: whoever won it may answer too. The child's own line does.
    const listening = await Promise.race([
      outputSays(child, (output) => engine.listens(output, host, port), over),
      child.ended.then(() => false),
    ]);
    if (!listening) {
      const { error } = over.aborted ? { error: undefined } : await child.ended;
      const why = over.aborted ? `did not start within ${engine.patience} ms` : 'ended at once';
      return new Error(
        `startDynamoDb: ${engine.name} on port ${port} ${why}. ${said(child, error)}`,
        error ? { cause: error } : {},
      );
    }
    return (await answers(`http://${host}:${port}/`, over))
      ? undefined
      : new Error(`startDynamoDb: ${engine.name} on port ${port} does not answer. ${said(child)}`);
  } finally {
    settled.abort();
  }
}

function outputSays(child: Child, wanted: (output: string) => boolean, over: AbortSignal): Promise<boolean> {
  return new Promise((done) => {
    const finish = (found: boolean): void => {
      stopListening();
      over.removeEventListener('abort', giveUp);
      done(found);
    };
    const giveUp = (): void => finish(false);
    const stopListening = child.onOutput((output) => {
      if (wanted(output)) finish(true);
    });
    over.addEventListener('abort', giveUp, { once: true });
    if (over.aborted) giveUp();
  });
}

async function answers(url: string, over: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: over });
    await answer.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function said(child: Child, error?: Error): string {
  const output = child.output().trim();
  return output === '' ? (error?.message ?? 'It said nothing.') : `It said: ${output}`;
}

/** SQLite's own messages do not say what is wrong with a path; the file system's do. */
function writablePath(dataFile: string): string {
  const path = resolve(dataFile);
  const existing = statSync(path, { throwIfNoEntry: false });
  try {
    accessSync(existing === undefined ? dirname(path) : path, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `startDynamoDb: cannot write dataFile ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  return path;
}
