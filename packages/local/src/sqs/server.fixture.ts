/** An SQS API with a clock that stands still, and the real client in front of it. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import type { Message, ReceiveMessageCommandInput, SendMessageCommandInput } from '@aws-sdk/client-sqs';

import { manualClock } from '../clock/clock.ts';
import type { MovableClock } from '../clock/clock.ts';
import { startSqs } from './start.ts';
import type { LocalSqs, StartSqsOptions } from './start.ts';

export interface Fixture extends AsyncDisposable {
  readonly sqs: LocalSqs;
  readonly client: SQSClient;
  readonly clock: MovableClock;
  /** Makes a queue and gives its URL; a name that ends in `.fifo` makes a FIFO queue. */
  create(name: string, attributes?: Record<string, string>): Promise<string>;
  send(
    queueUrl: string,
    body: string,
    more?: Partial<SendMessageCommandInput>,
  ): Promise<{ id: string; sequence: string | undefined }>;
  /** Up to 10 messages with all attributes. */
  receive(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  bodies(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<(string | undefined)[]>;
  attributes(queueUrl: string): Promise<Record<string, string>>;
}

export async function startFixture(
  options: Omit<StartSqsOptions, 'clock'> & { readonly clock?: MovableClock } = {},
): Promise<Fixture> {
  const { clock = manualClock(new Date('2026-03-01T00:00:00Z')) } = options;
  const sqs = await startSqs({ ...options, clock });
  const client = new SQSClient({ ...sqs.clientConfig, maxAttempts: 1 });
  const receive: Fixture['receive'] = async (QueueUrl, more = {}) => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
        ...more,
      }),
    );
    return Messages;
  };
  return {
    sqs,
    client,
    clock,
    receive,
    async create(QueueName, attributes = {}) {
      const Attributes = { ...attributes, ...(QueueName.endsWith('.fifo') && { FifoQueue: 'true' }) };
      return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
    },
    async send(QueueUrl, MessageBody, more = {}) {
      const { MessageId = '', SequenceNumber } = await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody, ...more }),
      );
      return { id: MessageId, sequence: SequenceNumber };
    },
    bodies: async (queueUrl, more) => (await receive(queueUrl, more)).map(({ Body }) => Body),
    async attributes(QueueUrl) {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return Attributes;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await sqs.close();
    },
  };
}

/** What a request is refused with: name, status, message. */
export async function refusal(request: Promise<unknown>): Promise<[string, number | undefined, string]> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SQSServiceException)) throw new Error('it was not refused', { cause: error });
  return [error.name, error.$metadata.httpStatusCode, error.message];
}
