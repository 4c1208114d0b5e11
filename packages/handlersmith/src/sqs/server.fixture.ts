/**
 * A real SQS API on this machine, and Lambda's poller.
 *
 * @module
 */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startSqs } from '@handlersmith/local';
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute, SQSRecord } from 'aws-lambda';

/** An SQS API. */
export interface Server {
  readonly client: SQSClient;
  /** Makes a queue and gives its URL. */
  createQueue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Takes all there is in a queue, as Lambda would send it. */
  receive(queueUrl: string): Promise<SQSRecord[]>;
  /** Polls a queue until it gives nothing: receives, invokes, deletes what succeeded. Gives the count of invocations. */
  drain(queueUrl: string, handler: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a server on a free port of the loopback. */
export async function startServer(): Promise<Server> {
  const sqs = await startSqs({ region: 'eu-west-1' });
  const client = new SQSClient({ ...sqs.clientConfig, maxAttempts: 1 });

  const receiveOnce = async (queueUrl: string): Promise<Message[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  };
  const remove = (queueUrl: string, message: Message): Promise<unknown> =>
    client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));

  const drain: Server['drain'] = async (queueUrl, handler) => {
    const messages = await receiveOnce(queueUrl);
    if (messages.length === 0) return 0;
    const { batchItemFailures } = await handler({
      Records: messages.map((message) => recordOf(message, queueUrl)),
    });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    await Promise.all(done.map((message) => remove(queueUrl, message)));
    return 1 + (await drain(queueUrl, handler));
  };

  return {
    client,
    createQueue: async (name, Attributes) => {
      const { QueueUrl = '' } = await client.send(
        new CreateQueueCommand({ QueueName: name, ...(Attributes === undefined ? {} : { Attributes }) }),
      );
      return QueueUrl;
    },
    receive: async (queueUrl) => {
      const taken: SQSRecord[] = [];
      await drain(queueUrl, async ({ Records }) => {
        taken.push(...Records);
        return { batchItemFailures: [] };
      });
      return taken;
    },
    drain,
    stop: async () => {
      client.destroy();
      await sqs.close();
    },
  };
}

/** A message as Lambda sends it on. */
function recordOf(message: Message, queueUrl: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes as SQSRecord['attributes'], // all of them were asked for
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(
        ([name, { DataType = '', StringValue, BinaryValue }]): [string, SQSMessageAttribute] => [
          name,
          {
            dataType: DataType,
            ...(StringValue === undefined ? {} : { stringValue: StringValue }),
            ...(BinaryValue === undefined
              ? {}
              : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
          },
        ],
      ),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:${queueUrl.split('/').at(-1)}`,
    awsRegion: 'eu-west-1',
  };
}
