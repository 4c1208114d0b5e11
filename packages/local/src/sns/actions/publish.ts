/**
 * Publish, alone and in batches.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';

import { invalid, notImplemented, SnsError } from '../errors.ts';
import type { Message, MessageAttributes } from '../message.ts';
import { listIn, namedIn, namesIn, required } from '../query.ts';
import type { Query } from '../query.ts';
import { isFifo } from '../service.ts';
import type { Actions, SnsService } from '../service.ts';
import type { Topic } from '../store.ts';
import type { Output } from '../xml.ts';

/** Bytes of a message with its attributes, and of all messages of a batch together. */
const LARGEST = 262_144;
const MOST_ENTRIES = 10;

const MESSAGE_PARAMETERS = [
  'Message',
  'Subject',
  'MessageStructure',
  'MessageAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
];

export const publishActions: Actions = {
  Publish: {
    parameters: ['TopicArn', 'TargetArn', 'PhoneNumber', ...MESSAGE_PARAMETERS],
    run(service, query, trace) {
      if (query.has('PhoneNumber')) throw notImplemented('text messages to phones');
      const arn = query.get('TopicArn') ?? query.get('TargetArn') ?? '';
      if (arn === '') throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
      return publish(service, draftOf(service.store.topic(arn), query), trace);
    },
  },
  PublishBatch: {
    parameters: ['TopicArn', 'PublishBatchRequestEntries'],
    run(service, query, trace) {
      const topic = service.store.topic(required(query, 'TopicArn'));
      return publishBatch(service, topic, listIn(query, 'PublishBatchRequestEntries'), trace);
    },
  },
};

type Draft = Omit<Message, 'id' | 'sequence' | 'trace' | 'publishedAt'> & { readonly size: number };

function publishBatch(
  service: SnsService,
  topic: Topic,
  entries: readonly Query[],
  trace: string | undefined,
): Output {
  checkBatch(entries);
  const successful: Output[] = [];
  const failed: Output[] = [];
  for (const entry of entries) {
    const Id = entry.get('Id') ?? '';
    try {
      successful.push({ Id, ...publish(service, draftOf(topic, entry), trace) });
    } catch (error) {
      if (!(error instanceof SnsError)) throw error;
      failed.push({ Id, Code: error.code, Message: error.message, SenderFault: 'true' });
    }
  }
  return { Successful: successful, Failed: failed };
}

function checkBatch(entries: readonly Query[]): void {
  if (entries.length === 0) {
    throw new SnsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > MOST_ENTRIES) {
    throw new SnsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible (more than 10).',
    );
  }
  const ids = entries.map((entry) => entry.get('Id') ?? '');
  if (!ids.every((id) => /^[\w-]{1,80}$/u.test(id))) {
    throw new SnsError(
      'InvalidBatchEntryId',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new SnsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  for (const entry of entries) {
    const unknown = [...namesIn(entry)].find((name) => name !== 'Id' && !MESSAGE_PARAMETERS.includes(name));
    if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} in an entry`);
  }
  const size = entries.reduce(
    (sum, entry) => sum + sizeOf(entry.get('Message') ?? '', attributesIn(entry)),
    0,
  );
  if (size > LARGEST) {
    throw new SnsError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
}

/** Brings it to all who want it, unless the topic has seen it in the last 5 minutes. */
function publish(
  { store, courier }: SnsService,
  draft: Draft,
  trace: string | undefined,
): Record<string, string> {
  const key = deduplicationKey(draft);
  const before = key === undefined ? undefined : store.remembered(key);
  if (before !== undefined) return { MessageId: before.id, SequenceNumber: before.sequence };

  const { size: _, ...content } = draft;
  const id = randomUUID();
  const sequence = isFifo(draft.topic.arn) ? store.nextSequence() : undefined;
  const publishedAt = store.clock.now();
  courier.publish({ ...content, id, sequence, trace, publishedAt });
  // Afterwards: a crash in between means that it comes again, not that it never comes.
  if (key === undefined || sequence === undefined) return { MessageId: id };
  store.commit([{ did: 'remember', seen: { key, id, sequence, at: publishedAt } }]);
  return { MessageId: id, SequenceNumber: sequence };
}

function draftOf(topic: Topic, query: Query): Draft {
  const body = query.get('Message') ?? '';
  if (body === '') throw invalid('Empty message');
  const attributes = attributesIn(query);
  const size = sizeOf(body, attributes);
  if (size > LARGEST) throw invalid('Message too long');
  const subject = query.get('Subject');
  if (subject !== undefined && !/^[\x21-\x7E][\x20-\x7E]{0,99}$/u.test(subject)) throw invalid('Subject');
  const group = query.get('MessageGroupId');
  return {
    topic,
    text: textsOf(body, query.get('MessageStructure')),
    subject,
    attributes,
    group,
    deduplicationId: deduplicationIdOf(topic, query, body, group),
    size,
  };
}

/** What each protocol gets: with the structure `json` the message says that. */
function textsOf(body: string, structure: string | undefined): Message['text'] {
  if (structure === undefined) return () => body;
  if (structure !== 'json') throw invalid('MessageStructure');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = new Map(
    typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      : [],
  );
  const fallback = texts.get('default');
  if (fallback === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return (protocol) => texts.get(protocol) ?? fallback;
}

function deduplicationIdOf(
  { arn, attributes }: Topic,
  query: Query,
  body: string,
  group: string | undefined,
): string | undefined {
  const given = query.get('MessageDeduplicationId');
  if (!isFifo(arn)) {
    if (given === undefined) return undefined;
    throw invalid(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  if (group === undefined) {
    throw invalid('The MessageGroupId parameter is required for FIFO topics');
  }
  if (given !== undefined) return given;
  if (attributes['ContentBasedDeduplication'] === 'true')
    return createHash('sha256').update(body).digest('hex');
  throw invalid(
    'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

function deduplicationKey({ topic, group = '', deduplicationId }: Draft): string | undefined {
  if (deduplicationId === undefined) return undefined;
  const byGroup = topic.attributes['FifoThroughputScope'] === 'MessageGroup';
  return JSON.stringify([topic.arn, ...(byGroup ? [group] : []), deduplicationId]);
}

function attributesIn(query: Query): MessageAttributes {
  return Object.fromEntries(
    namedIn(query, 'MessageAttributes').map(([name, value]) => [name, attributeOf(name, value)]),
  );
}

function attributeOf(name: string, value: Query): MessageAttributes[string] {
  if (!/^[\w-]+(?:\.[\w-]+)*$/u.test(name) || name.length > 256 || /^(?:aws|amazon)\./iu.test(name)) {
    throw new SnsError('ParameterValueInvalid', `Invalid message attribute name '${name}'.`);
  }
  const Type = value.get('DataType') ?? '';
  if (!/^(?:String(?:\.Array)?|Number|Binary)(?:\..+)?$/u.test(Type)) {
    throw new SnsError(
      'ParameterValueInvalid',
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const Value = value.get(Type.startsWith('Binary') ? 'BinaryValue' : 'StringValue') ?? '';
  if (Value === '') {
    throw new SnsError(
      'ParameterValueInvalid',
      `The message attribute '${name}' must contain a non-empty value for message attribute type '${Type}'.`,
    );
  }
  if (Type.startsWith('Number') && Number.isNaN(Number(Value))) {
    throw new SnsError(
      'ParameterValueInvalid',
      `Could not cast message attribute '${name}' value to number.`,
    );
  }
  return { Type, Value };
}

function sizeOf(body: string, attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (size, [name, { Type, Value }]) =>
      size +
      Buffer.byteLength(name) +
      Buffer.byteLength(Type) +
      (Type.startsWith('Binary') ? Buffer.from(Value, 'base64').length : Buffer.byteLength(Value)),
    Buffer.byteLength(body),
  );
}
