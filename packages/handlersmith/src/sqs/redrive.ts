/**
 * `redriveHandler`: back to where they came from, message by message.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionEnvironmentOf, FunctionOptions } from '../handler/environment.ts';
import { checkOptions } from '../handler/options.ts';
import { textOf } from '../handler/thrown.ts';
import { Postponed, skipped } from '../records/outcome.ts';
import { buildSqs } from './build.ts';
import type { SqsClient } from './client.ts';
import { groupOf, isFifo } from './event.ts';
import { checkRun, type SqsHandler } from './handler.ts';
import type { Message, SqsInput } from './input.ts';
import {
  client,
  count,
  DEFAULT_CONCURRENCY,
  delaySeconds,
  queueUrl,
  type ReadOptions,
  readerRules,
} from './options.ts';
import { Outbox } from './outbox.ts';
import { MOST_ATTRIBUTES, type OutgoingAttribute, type OutgoingMessage } from './outgoing.ts';
import { type QuarantineReason, takenApart } from './reason.ts';

/** What is to become of a message in a dead-letter or quarantine queue. */
export type RedriveDecision = 'redrive' | 'drop' | 'keep';

/** What {@link redriveHandler} takes. */
export interface RedriveOptions extends FunctionOptions, ReadOptions {
  /** URL of the queue that messages go back to. */
  readonly to: string;
  /** An `SQSClient` of your own. Default: one with the SDK's settings, made when it is first needed. */
  readonly client?: SqsClient;
  /** How often a message may go back; then it is kept. Counted in its attribute `Redrives`. Default 3. */
  readonly maxRedrives?: number;
  /** Seconds, 0 to 900, until the message can be received. Default: as the queue says. Not for FIFO queues. */
  readonly delaySeconds?: number;
  /** Messages that are decided on at one time. Default 10. */
  readonly concurrency?: number;
}

/** One message of a dead-letter or quarantine queue. */
export interface RedriveInput<Options, Env extends FunctionEnvironment> extends SqsInput<Options, Env> {
  /** Why it is there; `undefined` where the queue's own redrive policy put it there. */
  readonly reason: QuarantineReason | undefined;
  /** How often it went back before. */
  readonly redrives: number;
}

const FACTORY = 'redriveHandler';
const COUNTER = 'Redrives';
const MOST_REDRIVES = 3;
const RESERVE_MS = 1000;

/**
 * Makes a Lambda handler that looks at each message of a dead-letter or quarantine queue and says what becomes of it:
 *
 * - `'redrive'`: it is sent to the queue `to`, without the reason, and leaves this queue once that has taken it
 * - `'drop'`: it leaves this queue, and the log says so
 * - `'keep'`: it stays, and comes again after the visibility timeout; in a FIFO queue the rest of its group waits
 *
 * A message that does not parse or match its schema stays. Keep the event source mapping disabled and enable it to
 * redrive: while it is enabled, kept messages come round and round.
 *
 * @param options - where messages go back to; schemas as for `sqsHandler`
 * @param decide - gets one validated message and why it is there
 * @throws TypeError, now and not in production, naming the wrong option
 * @example
 * export const handler = redriveHandler(
 *   { to: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders', message: Order },
 *   ({ message, redrives }) => (message.cancelled ? 'drop' : redrives < 2 ? 'redrive' : 'keep'),
 * );
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export function redriveHandler<const Options extends RedriveOptions>(
  options: Options,
  decide: (
    input: RedriveInput<Options, FunctionEnvironmentOf<Options>>,
  ) => RedriveDecision | Promise<RedriveDecision>,
): SqsHandler {
  checkRedriveOptions(options);
  checkRun(FACTORY, decide);
  const { to, maxRedrives = MOST_REDRIVES, service, concurrency = DEFAULT_CONCURRENCY, message } = options;
  // `decide` is typed by its options, which made the message.
  const decided = decide as unknown as (message: Message) => unknown;
  const serve = buildSqs(FACTORY, options, {
    reserve: RESERVE_MS,
    run: (input) => decided(Object.assign(input, seenIn(input))),
    open: (invocation) => {
      const outbox = new Outbox({ queueUrl: to, client: options.client }, invocation.signal);
      return async (input, work) => {
        const decision = await work(input);
        const { redrives } = seenIn(input);
        if (decision === 'keep') return new Postponed('kept');
        if (decision === 'drop') return skipped('dropped');
        if (decision !== 'redrive')
          throw new TypeError(`${FACTORY}: expected 'redrive', 'drop' or 'keep', got ${textOf(decision)}`);
        if (redrives >= maxRedrives) return new Postponed(`kept: redriven ${redrives} times before`);
        await outbox.send(redriven(input, redrives + 1, options));
        return undefined;
      };
    },
  });
  return Object.assign(serve, {
    manifest: {
      trigger: 'sqs',
      service,
      needs: ['ReportBatchItemFailures', 'VisibilityTimeout'],
      concurrency,
      onPermanent: 'retry',
      sendsTo: [to],
      message,
    } as const,
  });
}

function checkRedriveOptions(options: RedriveOptions): void {
  checkOptions(FACTORY, options, { ...readerRules, to: queueUrl, client, maxRedrives: count, delaySeconds });
  if ((options.to as unknown) === undefined) throw new TypeError(`${FACTORY}: option "to" must be given`);
  if (options.delaySeconds !== undefined && isFifo(options.to))
    throw new TypeError(
      `${FACTORY}: option "delaySeconds" is not for FIFO queues: they have one delay for all`,
    );
}

/** What {@link RedriveInput} has besides the message. */
function seenIn({ record }: Message): { reason: QuarantineReason | undefined; redrives: number } {
  const attributes = (record as Partial<typeof record>).messageAttributes; // hand-made events lack it
  const redrives = Number(attributes?.[COUNTER]?.stringValue ?? 0);
  return {
    reason: takenApart(attributes).reason,
    redrives: Number.isInteger(redrives) && redrives > 0 ? redrives : 0,
  };
}

/**
 * The message as it first came, with its count. It gets a deduplication id of its own: under the one it had, a FIFO
 * queue would take it for a repeat within five minutes of the first sending, say it took it, and throw it away.
 */
function redriven({ record }: Message, redrives: number, options: RedriveOptions): OutgoingMessage {
  const { attributes } = takenApart(record.messageAttributes);
  return {
    body: record.body,
    attributes: counted(attributes, redrives),
    delaySeconds: options.delaySeconds,
    traceHeader: (record as Partial<typeof record>).attributes?.AWSTraceHeader, // hand-made events lack it
    ...(isFifo(options.to)
      ? { groupId: groupOf(record) ?? record.messageId, deduplicationId: `redrive-${record.messageId}` }
      : {}),
  };
}

/** A message with ten attributes of its own has no room for a count: what it carries goes first. */
function counted(
  attributes: Record<string, OutgoingAttribute>,
  redrives: number,
): Record<string, OutgoingAttribute> {
  const full = Object.keys(attributes).length >= MOST_ATTRIBUTES && !(COUNTER in attributes);
  return full
    ? attributes
    : { ...attributes, [COUNTER]: { DataType: 'Number', StringValue: String(redrives) } };
}
