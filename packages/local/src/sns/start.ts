/**
 * An SNS API on this machine.
 *
 * @module
 */
import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { clientConfigOf } from '../service/client.ts';
import type { LocalClientConfig } from '../service/client.ts';
import { listen } from '../service/listen.ts';
import type { LocalSqs } from '../sqs/start.ts';
import { courier } from './courier.ts';
import type { OnLambda } from './courier.ts';
import { answer } from './protocol.ts';
import { arnOf } from './service.ts';
import type { SnsService } from './service.ts';
import { openStore } from './store.ts';

/** Bytes of a request: a batch of 256 KB in which every byte is escaped, and then some. */
const LARGEST_REQUEST = 2 * 1024 * 1024;

/** What an SNS client needs to reach the local server and nothing else. */
export type LocalSnsClientConfig = LocalClientConfig;

export interface StartSnsOptions {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** Folder that keeps topics and subscriptions between runs, `sns.log` in it. Default: memory. */
  folder?: string;
  /** The time of messages and of tries. Default: the real one. */
  clock?: Clock;
  /** Default: `us-east-1`. */
  region?: string;
  /** 12 digits. Default: twelve zeros. */
  accountId?: string;
  /** Where subscribed queues and dead-letter queues are. Without it messages for queues are lost, with a report. */
  sqs?: LocalSqs;
  /** Invokes subscribed functions. What it throws or rejects with sends the message to the dead-letter queue. */
  onLambda?: OnLambda;
  /** Told of messages that reached nobody. Default: one line on standard error. */
  onProblem?: (problem: string) => void;
}

/** A topic, for people. */
export interface LocalTopic {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly subscriptions: readonly {
    readonly arn: string;
    readonly protocol: string;
    readonly endpoint: string;
    readonly attributes: Readonly<Record<string, string>>;
    /** Whether it gets messages. HTTP endpoints must confirm first. */
    readonly confirmed: boolean;
  }[];
}

export interface LocalSns extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new SNSClient(…)`. */
  readonly clientConfig: LocalSnsClientConfig;
  /** The ARN a topic of this name has, made or not. */
  topicArn(name: string): string;
  /** All topics, in the order in which they were made. */
  topics(): readonly LocalTopic[];
  /** Ends the server. Deliveries under way are finished, none is tried again. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts an SNS API on loopback: standard and FIFO topics, filter policies, subscriptions of queues, functions and HTTP
 * endpoints on this machine. What it does not know it refuses by name.
 *
 * Queues have a message before its publication is acknowledged; functions and endpoints get it right after. Signatures
 * in envelopes have the right form but verify nothing.
 *
 * @returns the endpoint, a client configuration, a look at the topics, and the way to end it
 * @throws Error where the port is taken, or the folder is in use or damaged
 * @example
 * await using sqs = await startSqs();
 * await using sns = await startSns({ sqs });
 * const client = new SNSClient(sns.clientConfig);
 * await client.send(new CreateTopicCommand({ Name: 'orders' }));
 * await client.send(new PublishCommand({ TopicArn: sns.topicArn('orders'), Message: 'hello' }));
 * @see https://docs.aws.amazon.com/sns/latest/api/welcome.html
 */
export async function startSns(options: StartSnsOptions = {}): Promise<LocalSns> {
  const { region = 'us-east-1', accountId = '000000000000', clock = systemClock } = options;
  const { onProblem = reportOnStandardError } = options;
  const store = openStore(clock, options.folder);
  let endpoint = '';
  const service: SnsService = {
    region,
    accountId,
    store,
    courier: courier({
      store,
      endpoint: () => endpoint,
      sqs: options.sqs,
      onLambda: options.onLambda,
      onProblem,
    }),
  };

  const door = await listen({
    name: 'startSns',
    port: options.port,
    limit: LARGEST_REQUEST,
    answer: (request) => answer(service, request),
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  endpoint = door.endpoint;

  const end = async (): Promise<void> => {
    await door.close();
    await service.courier.close();
    store.close();
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end());
  return {
    endpoint,
    clientConfig: clientConfigOf(endpoint, region),
    topicArn: (name) => arnOf(service, name),
    topics: () =>
      [...store.topics.values()].map(({ name, arn, attributes }) => ({
        name,
        arn,
        attributes,
        subscriptions: store.of(arn).map((one) => ({
          arn: one.arn,
          protocol: one.protocol,
          endpoint: one.endpoint,
          attributes: one.attributes,
          confirmed: one.token === undefined,
        })),
      })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function reportOnStandardError(problem: string): void {
  console.error(`[sns] ${problem}`);
}
