/**
 * `queue`: who sends and who receives, from one definition.
 *
 * @module
 */
import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import { callback, checkOptions, type OptionRules } from '../handler/options.ts';
import { checkOf, type InputOf, type Schema } from '../handler/schema.ts';
import { inWords } from '../records/refusal.ts';
import type { SqsClient } from './client.ts';
import { isFifo } from './event.ts';
import { type SqsHandler, sqsHandler } from './handler.ts';
import type { SqsInput } from './input.ts';
import type { IdempotencyOf } from './once.ts';
import { client, type SqsOptions } from './options.ts';
import { type OutgoingMessage, MOST_ATTRIBUTES, outgoingAttribute, safeJson } from './outgoing.ts';
import { type Receipt, sendMessages, type Target } from './send.ts';
import { InvalidMessage, MessagesNotSent } from './unsent.ts';

/** What {@link queue} takes for a standard queue. */
export interface QueueOptions {
  /** URL of the queue. Only who sends needs it: `process.env['QUEUE_URL']` will do where it may be missing. */
  readonly url?: string | undefined;
  /** An `SQSClient` of your own. Default: one with the SDK's settings, made when it is first needed. */
  readonly client?: SqsClient;
}

/** What {@link queue} takes for a FIFO queue. */
export interface FifoQueueOptions<Message> extends QueueOptions {
  readonly fifo: {
    /** The group of a message: those of one group are handled one after the other. */
    readonly group: (message: Message) => string;
    /** What makes two messages the same for five minutes. Default: the queue's content-based deduplication. */
    readonly deduplicationId?: (message: Message) => string;
  };
}

/** How one message is sent. */
export interface SendOptions {
  /** Up to ten values that travel beside the message. */
  readonly attributes?: Readonly<Record<string, string | number | Uint8Array>>;
  /** Seconds, 0 to 900, until the message can be received. Default: as the queue says. */
  readonly delaySeconds?: number;
  /** The tenant or the like that fair queues are fair to. */
  readonly groupId?: string;
}

/** How one message is sent to a FIFO queue. */
export interface FifoSendOptions {
  /** Up to ten values that travel beside the message. */
  readonly attributes?: Readonly<Record<string, string | number | Uint8Array>>;
  /** Instead of what `fifo.group` says. */
  readonly groupId?: string;
  /** Instead of what `fifo.deduplicationId` says. */
  readonly deduplicationId?: string;
}

/** What `queue.handler` takes: the definition says the rest. */
export type QueueHandlerOptions = Omit<SqsOptions, 'message' | 'format' | 'idempotency'>;

/** A queue: its messages, how they are sent and how they are handled. */
export interface Queue<S extends Schema, Options> {
  readonly schema: S;
  /**
   * Sends a message that whoever receives it will take: it is held against the schema as it will arrive, as JSON.
   *
   * @throws InvalidMessage before anything is sent, and whatever SQS refuses it with
   * @example
   * await orders.send({ id: 'o1', total: 12 }, { delaySeconds: 60 });
   */
  send(message: InputOf<S>, options?: Options & { readonly signal?: AbortSignal }): Promise<Receipt>;
  /**
   * Sends any number of messages, in as many requests as that takes. What SQS does not take is sent again; in a FIFO
   * queue only as long as that keeps the order of its group.
   *
   * @param options - `each` gives the options of a message
   * @returns what SQS says of each message, in their order
   * @throws InvalidMessage before anything is sent; MessagesNotSent when some were not taken in the end, which says
   *   which were
   */
  sendBatch(
    messages: readonly InputOf<S>[],
    options?: {
      readonly each?: (message: InputOf<S>, index: number) => Options;
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly Receipt[]>;
  /** Makes the handler of the queue's messages, as `sqsHandler` does. */
  handler<const Own extends QueueHandlerOptions>(
    options: Own & Pick<IdempotencyOf<S>, 'idempotency'>,
    run: (input: SqsInput<Own & { readonly message: S }, FunctionEnvironmentOf<Own>>) => unknown,
  ): SqsHandler;
}

const FACTORY = 'queue';

const queueRules: OptionRules = {
  url: { expected: 'the URL of a queue', accepts: (value) => typeof value === 'string' && value !== '' },
  client,
  fifo: {
    expected: 'an object with a function "group"',
    accepts: (value) =>
      typeof value === 'object' && value !== null && 'group' in value && callback.accepts(value.group),
  },
};

/**
 * Defines a queue once, for who sends and who receives.
 *
 * @param schema - of the messages, which travel as JSON
 * @param options - where it is; for a FIFO queue, what the group of a message is
 * @throws TypeError naming a wrong option
 * @example
 * export const orders = queue(Order, { url: process.env['ORDERS_URL'], fifo: { group: (order) => order.customer } });
 *
 * await orders.send({ id: 'o1', customer: 'c1' }); // in one function
 * export const handler = orders.handler({}, ({ message }) => ship(message)); // in another
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export function queue<S extends Schema>(
  schema: S,
  options: FifoQueueOptions<InputOf<S>>,
): Queue<S, FifoSendOptions>;
export function queue<S extends Schema>(schema: S, options?: QueueOptions): Queue<S, SendOptions>;
export function queue<S extends Schema>(
  schema: S,
  options: QueueOptions & Partial<FifoQueueOptions<InputOf<S>>> = {},
): Queue<S, SendOptions & FifoSendOptions> {
  checkOptions(FACTORY, options, queueRules);
  const { fifo } = options;
  if (options.url !== undefined && isFifo(options.url) !== (fifo !== undefined))
    throw new TypeError(
      `${FACTORY}: option "fifo" ${fifo === undefined ? 'must say the group of a message of' : 'is only for'} a FIFO queue, whose URL ends with .fifo`,
    );
  const check = checkOf(`${FACTORY}: the schema`, schema);

  const outgoing = async (
    message: InputOf<S>,
    { attributes = {}, delaySeconds, groupId, deduplicationId }: SendOptions & FifoSendOptions = {},
  ): Promise<OutgoingMessage> => {
    const body = safeJson(message);
    if (body === undefined) throw new InvalidMessage(`The message has no JSON: it is ${typeof message}`, []);
    const checked = await check(JSON.parse(body));
    if (checked.issues !== undefined)
      throw new InvalidMessage(
        `The message does not match its schema: ${inWords(checked.issues)}`,
        checked.issues,
      );
    const values = Object.entries(attributes);
    if (values.length > MOST_ATTRIBUTES)
      throw new InvalidMessage(
        `The message has ${values.length} attributes; SQS takes ${MOST_ATTRIBUTES}`,
        [],
      );
    return {
      body,
      attributes: Object.fromEntries(values.map(([name, value]) => [name, outgoingAttribute(value)])),
      delaySeconds,
      groupId: groupId ?? fifo?.group(message),
      deduplicationId: deduplicationId ?? fifo?.deduplicationId?.(message),
    };
  };

  const target = (): Target => {
    if (options.url === undefined)
      throw new Error(`${FACTORY}: option "url" must be given to send: is an environment variable missing?`);
    return { queueUrl: options.url, client: options.client };
  };

  return {
    schema,
    send: async (message, { signal, ...own } = {}) => {
      const [sent] = await sendMessages(target(), [await outgoing(message, own)], signal);
      if (sent !== undefined && 'receipt' in sent) return sent.receipt;
      throw sent?.error;
    },
    sendBatch: async (messages, { each, signal } = {}) => {
      const to = target();
      const all = await Promise.all(
        messages.map((message, index) => outgoing(message, each?.(message, index))),
      );
      const sent = await sendMessages(to, all, signal);
      const receipts = sent.map((outcome) => ('receipt' in outcome ? outcome.receipt : undefined));
      if (receipts.every((receipt) => receipt !== undefined)) return receipts;
      throw new MessagesNotSent(sent);
    },
    // `run` is typed by this very definition; the factory would type it by its options once more.
    handler: (own, run) => sqsHandler<SqsOptions>({ ...own, message: schema }, run),
  };
}
