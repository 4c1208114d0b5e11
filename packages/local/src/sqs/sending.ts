/**
 * Putting a message into a queue.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';

import { setting } from './attributes.ts';
import { checkedBody, checkedMessageAttributes, checkedTrace, sizeOf } from './contents.ts';
import { md5, md5OfAttributes } from './digest.ts';
import type { MessageAttributes } from './digest.ts';
import { invalid, invalidValue, missing } from './errors.ts';
import { text, whole } from './input.ts';
import type { Input } from './input.ts';
import type { Queue } from './queue.ts';
import type { SqsService } from './service.ts';

const LONGEST_DELAY = 900;

/** Group and deduplication ids: letters, digits and punctuation. */
const ID = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/u;

/** What SendMessage and an entry of SendMessageBatch have in common. */
export const MESSAGE_PARAMETERS: readonly string[] = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
];

/** A message that may be sent. */
export interface Draft {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly trace?: string;
  readonly traceDigest?: string;
  readonly group?: string;
  readonly deduplicationId?: string;
  /** Seconds. */
  readonly delay?: number;
}

/**
 * @param header - the X-Ray header of the request, for messages without one of their own
 * @throws SqsError for a message that this queue does not take
 */
export function checkedDraft(queue: Queue, input: Input, header?: string): Draft {
  const body = checkedBody(input);
  const attributes = checkedMessageAttributes(input);
  const { trace = header, digest } = checkedTrace(input);
  const largest = setting(queue.record, 'MaximumMessageSize');
  if (sizeOf(body, attributes) > largest) {
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
    );
  }
  const delay = whole(
    input,
    'DelaySeconds',
    0,
    LONGEST_DELAY,
    `DelaySeconds must be >= 0 and <= ${LONGEST_DELAY}`,
  );
  const group = checkedId(input, 'MessageGroupId');
  const deduplicationId = queue.fifo
    ? checkedFifo(queue, input, body, group, delay)
    : refusedOnStandard(input, 'MessageDeduplicationId');
  return {
    body,
    attributes,
    ...(trace !== undefined && { trace }),
    ...(digest !== undefined && { traceDigest: digest }),
    ...(group !== undefined && { group }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    // A FIFO queue has one delay for all.
    ...(delay !== undefined && !queue.fifo && { delay }),
  };
}

/** Puts it into the queue, unless the queue has seen it in the last 5 minutes. Gives what SendMessage answers. */
export function send(service: SqsService, queue: Queue, draft: Draft): Record<string, string> {
  const { store } = service;
  const { name } = queue.record;
  const { body, attributes, trace, group, deduplicationId } = draft;
  const key = deduplicationKey(queue, draft);
  const before = key === undefined ? undefined : queue.remembered(key);
  const id = before?.id ?? randomUUID();
  const sequence = before?.sequence ?? (queue.fifo ? store.nextSequence() : undefined);

  if (before === undefined) {
    const sentAt = store.clock.now();
    const delay = draft.delay ?? setting(queue.record, 'DelaySeconds');
    const message = {
      id,
      body,
      attributes,
      ...(trace !== undefined && { trace }),
      ...(group !== undefined && { group }),
      ...(deduplicationId !== undefined && { deduplicationId }),
      ...(sequence !== undefined && { sequence }),
      sentAt,
      visibleAt: sentAt + delay * 1_000,
      receives: 0,
    };
    store.commit([
      ...(key === undefined || sequence === undefined
        ? []
        : [{ did: 'remember', queue: name, seen: { key, id, sequence, at: sentAt } } as const]),
      { did: 'add', queue: name, message },
    ]);
  }
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
    ...(draft.traceDigest !== undefined && { MD5OfMessageSystemAttributes: draft.traceDigest }),
    ...(sequence !== undefined && { SequenceNumber: sequence }),
  };
}

function checkedFifo(
  queue: Queue,
  input: Input,
  body: string,
  group: string | undefined,
  delay: number | undefined,
): string {
  if (delay !== undefined && delay > 0) throw wrongQueueType('DelaySeconds', delay);
  if (group === undefined) throw missing('MessageGroupId');
  const given = checkedId(input, 'MessageDeduplicationId');
  if (given !== undefined) return given;
  if (queue.record.attributes['ContentBasedDeduplication'] !== 'true') {
    throw invalid(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return createHash('sha256').update(body).digest('hex');
}

function deduplicationKey({ record }: Queue, { deduplicationId, group = '' }: Draft): string | undefined {
  if (deduplicationId === undefined) return undefined;
  const byGroup = record.attributes['DeduplicationScope'] === 'messageGroup';
  // Neither part can hold a space.
  return byGroup ? `${group} ${deduplicationId}` : deduplicationId;
}

function refusedOnStandard(input: Input, name: string): undefined {
  const value = text(input, name);
  if (value !== undefined) throw wrongQueueType(name, value);
}

function checkedId(input: Input, name: string): string | undefined {
  const value = text(input, name);
  if (value === undefined || ID.test(value)) return value;
  throw invalidValue(
    name,
    value,
    `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
  );
}

function wrongQueueType(name: string, value: unknown): Error {
  return invalidValue(name, value, 'The request include parameter that is not valid for this queue type');
}
