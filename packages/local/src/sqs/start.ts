/**
 * An SQS API on this machine.
 *
 * @module
 */
import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { clientConfigOf } from '../service/client.ts';
import type { LocalClientConfig } from '../service/client.ts';
import { listen } from '../service/listen.ts';
import { receiveAttempts } from './attempts.ts';
import { LARGEST_MESSAGE } from './attributes.ts';
import { answer } from './protocol.ts';
import { arnOf, nameOfArn, urlOf } from './service.ts';
import type { DeadLetter, SqsService } from './service.ts';
import { openStore } from './store.ts';
import { moveTasks } from './tasks.ts';
import { queueView } from './view.ts';
import type { LocalQueue } from './view.ts';
import { longPolls } from './wait.ts';

/** Bytes of a request: a batch in which every character is escaped, and then some. */
const LARGEST_REQUEST = 8 * LARGEST_MESSAGE;

/** What an SQS client needs to reach the local server and nothing else. */
export type LocalSqsClientConfig = LocalClientConfig;

export interface StartSqsOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** Folder that keeps queues and messages between runs, `sqs.log` in it. Default: memory. */
  folder?: string;
  /** The time by which delays, visibility and retention run out. Default: the real one. */
  clock?: Clock;
  /** Default: `us-east-1`. */
  region?: string;
  /** 12 digits. Default: twelve zeros. */
  accountId?: string;
  /** Hears of each message that moves to a dead-letter queue because it was received too often. */
  onDeadLetter?: (moved: DeadLetter) => void;
}

export interface LocalSqs extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new SQSClient(…)`. */
  readonly clientConfig: LocalSqsClientConfig;
  /** The URL a queue of this name has, made or not. */
  queueUrl(name: string): string;
  /** The ARN a queue of this name has, made or not. */
  queueArn(name: string): string;
  /** Names of all queues, in order. */
  queues(): readonly string[];
  /** A look into a queue; undefined where there is none. */
  queue(name: string): LocalQueue | undefined;
  /** Ends the server: long polls answer, nothing more is taken. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts an SQS API on loopback: standard and FIFO queues, dead-letter queues, redrive, long polls, with the limits
 * and errors of AWS. What it does not know it refuses by name.
 *
 * What was acknowledged with a `folder` survives a crash of the process. Move tasks and receive request attempt ids
 * are kept in memory only. It checks no signatures and no policies.
 *
 * @returns the endpoint, a client configuration, looks into the queues, and the way to end it
 * @throws Error where the port is taken, or the folder is in use or damaged
 * @example
 * await using sqs = await startSqs();
 * const client = new SQSClient(sqs.clientConfig);
 * await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
 * await client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl('orders'), MessageBody: 'hello' }));
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
export async function startSqs(options: StartSqsOptions = {}): Promise<LocalSqs> {
  const { region = 'us-east-1', accountId = '000000000000', clock = systemClock } = options;
  const store = openStore(clock, options.folder);
  const naming = { region, accountId };
  let endpoint = '';
  const service: SqsService = {
    ...naming,
    store,
    polls: longPolls(store),
    attempts: receiveAttempts(store),
    tasks: moveTasks(store, (arn) => nameOfArn(naming, arn)),
    endpoint: () => endpoint,
    ...(options.onDeadLetter !== undefined && { onDeadLetter: options.onDeadLetter }),
  };

  const door = await listen({
    name: 'startSqs',
    port: options.port,
    limit: LARGEST_REQUEST,
    answer: (request) => answer(service, request),
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  endpoint = door.endpoint;

  const end = async (): Promise<void> => {
    service.tasks.close();
    service.polls.close();
    await door.close();
    store.close();
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end());
  return {
    endpoint,
    clientConfig: clientConfigOf(endpoint, region),
    queueUrl: (name) => urlOf(service, name),
    queueArn: (name) => arnOf(service, name),
    queues: () => store.queues().map(({ record }) => record.name),
    queue: (name) => queueView(service, name),
    close,
    [Symbol.asyncDispose]: close,
  };
}
