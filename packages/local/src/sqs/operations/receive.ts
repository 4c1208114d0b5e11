/**
 * ReceiveMessage.
 *
 * @module
 */
import { setting } from '../attributes.ts';
import { md5, md5OfAttributes } from '../digest.ts';
import { invalidValue, SqsError } from '../errors.ts';
import { text, texts, whole } from '../input.ts';
import type { Input } from '../input.ts';
import type { MessageRecord } from '../message.ts';
import type { Queue } from '../queue.ts';
import { receiptHandle } from '../receipt.ts';
import { MOST_IN_FLIGHT, receive } from '../receiving.ts';
import { queueOf } from '../service.ts';
import type { Operations, SqsService } from '../service.ts';
import { LONGEST_VISIBILITY } from './settle.ts';

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
]);

export const receiveOperations: Operations = {
  ReceiveMessage: {
    parameters: [
      'QueueUrl',
      'AttributeNames',
      'MessageSystemAttributeNames',
      'MessageAttributeNames',
      'MaxNumberOfMessages',
      'VisibilityTimeout',
      'WaitTimeSeconds',
      'ReceiveRequestAttemptId',
    ],
    async run(service, input, caller) {
      const queue = queueOf(service, input);
      const count = whole(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
      const visibility = whole(
        input,
        'VisibilityTimeout',
        0,
        LONGEST_VISIBILITY,
        `VisibilityTimeout must be >= 0 and <= ${LONGEST_VISIBILITY}`,
      );
      const wait =
        whole(input, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided') ??
        setting(queue.record, 'ReceiveMessageWaitTimeSeconds');
      const wanted = wantedOf(input);
      const attempt = text(input, 'ReceiveRequestAttemptId');
      if (attempt !== undefined && !queue.fifo) {
        throw invalidValue(
          'ReceiveRequestAttemptId',
          attempt,
          'The request include parameter that is not valid for this queue type',
        );
      }
      const { name } = queue.record;
      const records = await service.polls.receive(
        name,
        wait * 1_000,
        () => receiveOnce(service, service.store.queue(name), count, visibility, attempt),
        (callback) => caller.onGone(callback),
      );
      return records.length === 0
        ? {}
        : { Messages: records.map((record) => messageOf(service, queue, record, wanted)) };
    },
  },
};

function receiveOnce(
  service: SqsService,
  queue: Queue,
  count: number,
  visibility: number | undefined,
  attempt: string | undefined,
): readonly MessageRecord[] {
  if (attempt !== undefined) {
    const again = service.attempts.again(queue, attempt, visibility);
    if (again !== undefined) return again;
  }
  if (queue.count('in flight') >= MOST_IN_FLIGHT) {
    if (queue.fifo) return [];
    throw new SqsError('OverLimit', `Too many messages in flight: ${MOST_IN_FLIGHT}.`);
  }
  const records = receive(service, queue, count, visibility);
  if (attempt !== undefined && records.length > 0) service.attempts.remember(queue, attempt, records);
  return records;
}

interface Wanted {
  readonly system: (name: string) => boolean;
  readonly attribute: (name: string) => boolean;
}

function wantedOf(input: Input): Wanted {
  const system = [...texts(input, 'AttributeNames'), ...texts(input, 'MessageSystemAttributeNames')];
  const unknown = system.find((name) => !SYSTEM_ATTRIBUTES.has(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const names = texts(input, 'MessageAttributeNames');
  const prefixes = names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -'.*'.length));
  return {
    system: (name) => system.includes('All') || system.includes(name),
    attribute: (name) =>
      names.includes('All') || names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  };
}

function messageOf(service: SqsService, queue: Queue, record: MessageRecord, wanted: Wanted): object {
  const system = Object.entries(systemAttributesOf(service, record)).filter(
    ([name, value]) => value !== undefined && wanted.system(name),
  );
  const attributes = Object.fromEntries(
    Object.entries(record.attributes).filter(([name]) => wanted.attribute(name)),
  );
  const digest = md5OfAttributes(attributes);
  return {
    MessageId: record.id,
    ReceiptHandle: receiptHandle(queue, record.id, record.receipt ?? ''),
    Body: record.body,
    MD5OfBody: md5(record.body),
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(digest !== undefined && { MessageAttributes: attributes, MD5OfMessageAttributes: digest }),
  };
}

/** All system attributes a message has; those it does not have are undefined. */
export function systemAttributesOf(
  { accountId }: Pick<SqsService, 'accountId'>,
  record: MessageRecord,
): Record<string, string | undefined> {
  return {
    SenderId: accountId,
    SentTimestamp: String(record.sentAt),
    ApproximateReceiveCount: String(record.receives),
    ApproximateFirstReceiveTimestamp:
      record.firstReceivedAt === undefined ? undefined : String(record.firstReceivedAt),
    AWSTraceHeader: record.trace,
    DeadLetterQueueSourceArn: record.deadLetterSource,
    MessageGroupId: record.group,
    MessageDeduplicationId: record.deduplicationId,
    SequenceNumber: record.sequence,
  };
}
