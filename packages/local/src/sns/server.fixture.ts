/** An SNS API beside an SQS API, with the real client in front of it. */
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SNSServiceException,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { PublishCommandInput } from '@aws-sdk/client-sns';

import type { MovableClock } from '../clock/clock.ts';
import { startFixture as startQueues } from '../sqs/server.fixture.ts';
import type { Fixture as Queues } from '../sqs/server.fixture.ts';
import { startSns } from './start.ts';
import type { LocalSns, StartSnsOptions } from './start.ts';

export interface Fixture extends AsyncDisposable {
  readonly sns: LocalSns;
  readonly client: SNSClient;
  readonly clock: MovableClock;
  readonly queues: Queues;
  /** Messages that reached nobody. */
  readonly problems: string[];
  /** Makes a topic and gives its ARN; a name that ends in `.fifo` makes a FIFO topic. */
  create(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Makes a queue, subscribes it, and gives its URL. */
  subscribeQueue(topicArn: string, queue: string, attributes?: Record<string, string>): Promise<string>;
  subscribe(
    topicArn: string,
    protocol: string,
    endpoint: string,
    attributes?: Record<string, string>,
  ): Promise<string>;
  publish(topicArn: string, message: string, more?: Partial<PublishCommandInput>): Promise<string>;
  /** What a queue got, parsed. */
  envelopes(queueUrl: string): Promise<Record<string, unknown>[]>;
}

export async function startFixture(
  options: Pick<StartSnsOptions, 'onLambda' | 'folder'> = {},
): Promise<Fixture> {
  const queues = await startQueues();
  const { clock } = queues;
  const problems: string[] = [];
  const sns = await startSns({
    sqs: queues.sqs,
    clock,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  const client = new SNSClient({ ...sns.clientConfig, maxAttempts: 1 });
  const subscribe: Fixture['subscribe'] = async (TopicArn, Protocol, Endpoint, Attributes) =>
    (await client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }))).SubscriptionArn ??
    '';
  return {
    sns,
    client,
    clock,
    queues,
    problems,
    subscribe,
    async create(Name, attributes = {}) {
      const Attributes = { ...attributes, ...(Name.endsWith('.fifo') && { FifoTopic: 'true' }) };
      return (await client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
    },
    async subscribeQueue(topicArn, queue, attributes) {
      const url = await queues.create(queue);
      await subscribe(topicArn, 'sqs', queues.sqs.queueArn(queue), attributes);
      return url;
    },
    publish: async (TopicArn, Message, more = {}) =>
      (await client.send(new PublishCommand({ TopicArn, Message, ...more }))).MessageId ?? '',
    envelopes: async (queueUrl) =>
      // An envelope is a JSON object.
      (await queues.receive(queueUrl)).map(({ Body = '' }) => JSON.parse(Body) as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await sns.close();
      await queues[Symbol.asyncDispose]();
    },
  };
}

/** What a request is refused with: name, status, message. */
export async function refusal(request: Promise<unknown>): Promise<[string, number | undefined, string]> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SNSServiceException)) throw new Error('it was not refused', { cause: error });
  return [error.name, error.$metadata.httpStatusCode, error.message];
}
