/**
 * Sending any number of messages: in requests that SQS takes, with what fails tried again.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

import { schedule } from '../records/schedule.ts';
import { chunksOf } from './chunks.ts';
import { sendBatch, type SqsClient } from './client.ts';
import { isFifo } from './event.ts';
import { bytesOf, MOST_BYTES, type OutgoingMessage } from './outgoing.ts';

/** Where messages go. */
export interface Target {
  readonly queueUrl: string;
  readonly client?: SqsClient | undefined;
}

/** What SQS says of a message it took. */
export interface Receipt {
  readonly messageId: string;
  /** Of a message in a FIFO queue. */
  readonly sequenceNumber: string | undefined;
}

/** What became of one message. */
export type Sent = { readonly receipt: Receipt } | { readonly error: unknown };

/** Requests for the same messages: the first, and three more. The SDK tries again by itself when a whole request fails. */
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 100;

/** Requests under way at one time. */
const STANDARD_CONCURRENCY = 4;

/**
 * Sends messages.
 *
 * In a FIFO queue the order within a group holds: what was not taken is sent again only while no later message of its
 * group has been taken, and once a message of a group is given up the rest of that group is not sent.
 *
 * @param signal - stops what is under way; what was not sent by then has failed
 * @returns what became of each message, in their order; never rejects
 */
export async function sendMessages(
  target: Target,
  messages: readonly OutgoingMessage[],
  signal?: AbortSignal,
): Promise<readonly Sent[]> {
  const sending = new Sending(target, messages, signal);
  await schedule({
    records: chunksOf(messages),
    order: 'free',
    concurrency: isFifo(target.queueUrl) ? 1 : STANDARD_CONCURRENCY,
    run: (chunk) => sending.send(chunk),
  });
  return messages.map(
    (message, index) =>
      sending.sent[index] ?? {
        error: new RangeError(
          `The message has ${bytesOf(message)} bytes with its attributes; SQS takes ${MOST_BYTES}`,
        ),
      },
  );
}

/** One call of {@link sendMessages}. */
class Sending {
  readonly sent: (Sent | undefined)[];
  readonly #target: Target;
  readonly #messages: readonly OutgoingMessage[];
  readonly #signal: AbortSignal | undefined;
  readonly #fifo: boolean;
  /** Groups of which a message was given up, and the first one that was. */
  readonly #broken = new Map<string | undefined, number>();

  constructor(target: Target, messages: readonly OutgoingMessage[], signal: AbortSignal | undefined) {
    this.#target = target;
    this.#messages = messages;
    this.#signal = signal;
    this.#fifo = isFifo(target.queueUrl);
    this.sent = Array.from({ length: messages.length });
    // What is too large for any request is in no chunk, and its group must not go on without it.
    for (const [index, message] of messages.entries()) if (bytesOf(message) > MOST_BYTES) this.#breaks(index);
  }

  /** Sends the messages with these indexes. */
  async send(chunk: readonly number[]): Promise<void> {
    let left = chunk;
    for (let attempt = 1; left.length > 0; attempt++) {
      left = left.filter((index) => this.#mayGo(index));
      if (left.length === 0) return;
      // oxlint-disable-next-line no-await-in-loop -- what is left is known only then
      const failed = await this.#request(left);
      const again = attempt < MOST_TRIES ? failed.filter((entry) => this.#mayTryAgain(entry, left)) : [];
      for (const entry of failed) if (!again.includes(entry)) this.#giveUp(entry.index, errorOf(entry));
      left = again.map(({ index }) => index);
      // oxlint-disable-next-line no-await-in-loop -- a pause between tries
      if (left.length > 0) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), this.#signal);
    }
  }

  /** One request. Gives what SQS did not take of it. */
  async #request(indexes: readonly number[]): Promise<readonly FailedEntry[]> {
    try {
      const { Successful, Failed } = await sendBatch(
        this.#target.client,
        { QueueUrl: this.#target.queueUrl, Entries: indexes.map((index) => this.#entry(index)) },
        this.#signal,
      );
      for (const { Id, MessageId = '', SequenceNumber } of Successful ?? [])
        this.sent[Number(Id)] = { receipt: { messageId: MessageId, sequenceNumber: SequenceNumber } };
      const failures = new Map((Failed ?? []).map((failure) => [Number(failure.Id), failure]));
      // An entry in neither list was not taken as far as anybody knows.
      return indexes
        .filter((index) => this.sent[index] === undefined)
        .map((index) => ({ index, failure: failures.get(index) }));
    } catch (error) {
      if (isTooLong(error) && indexes.length > 1) return this.#inHalves(indexes);
      for (const index of indexes) this.#giveUp(index, error);
      return [];
    }
  }

  /** Where a queue takes less than SQS does at most, a request of what it takes one by one may still be too much. */
  async #inHalves(indexes: readonly number[]): Promise<readonly FailedEntry[]> {
    const middle = Math.ceil(indexes.length / 2);
    await this.send(indexes.slice(0, middle));
    await this.send(indexes.slice(middle));
    return [];
  }

  #entry(index: number): SendMessageBatchRequestEntry {
    const { body, attributes, groupId, deduplicationId, delaySeconds, traceHeader } = this.#message(index);
    return {
      Id: String(index),
      MessageBody: body,
      ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: { ...attributes } }),
      ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
      ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
      ...(traceHeader === undefined
        ? {}
        : {
            MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
          }),
    };
  }

  #message(index: number): OutgoingMessage {
    return this.#messages[index] as OutgoingMessage; // indexes come from this very list
  }

  #mayGo(index: number): boolean {
    const first = this.#broken.get(this.#message(index).groupId) ?? Infinity;
    if (!this.#fifo || index < first) return true;
    this.#giveUp(index, new Error('A message before it in its group was not sent: the order would change'));
    return false;
  }

  #mayTryAgain({ index, failure }: FailedEntry, chunk: readonly number[]): boolean {
    if (this.#signal?.aborted === true) return false;
    if (failure?.SenderFault === true && !/throttl/i.test(failure.Code ?? '')) return false;
    if (!this.#fifo) return true;
    const { groupId } = this.#message(index);
    return !chunk.some(
      (other) =>
        other > index &&
        this.#message(other).groupId === groupId &&
        'receipt' in (this.sent[other] ?? { error: undefined }),
    );
  }

  #giveUp(index: number, error: unknown): void {
    this.sent[index] = { error };
    this.#breaks(index);
  }

  #breaks(index: number): void {
    const { groupId } = this.#message(index);
    this.#broken.set(groupId, Math.min(index, this.#broken.get(groupId) ?? Infinity));
  }
}

/** A message that SQS did not take, and what it says of it, if anything. */
interface FailedEntry {
  readonly index: number;
  readonly failure: BatchResultErrorEntry | undefined;
}

function errorOf({ failure }: FailedEntry): Error {
  if (failure === undefined) return new Error('SQS did not say what became of the message');
  const error = new Error(failure.Message ?? `SQS did not take the message: ${failure.Code}`);
  error.name = failure.Code ?? error.name;
  return error;
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && error.name.endsWith('BatchRequestTooLong');
}

/** Waits about so long, or until the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds * (0.5 + Math.random() / 2));
    signal?.addEventListener('abort', end, { once: true });
  });
}
