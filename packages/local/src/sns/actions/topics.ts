/**
 * Making topics, their attributes and tags.
 *
 * @module
 */
import { invalid, notImplemented, SnsError } from '../errors.ts';
import { listIn, mapIn, required, textsIn } from '../query.ts';
import type { Query } from '../query.ts';
import { arnOf, isFifo } from '../service.ts';
import type { Actions, SnsService } from '../service.ts';
import type { Topic } from '../store.ts';
import { paged } from './page.ts';

const MOST_TAGS = 50;

const SETTABLE: ReadonlySet<string> = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'TracingConfig',
  'SignatureVersion',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
]);
const FIFO_ONLY: ReadonlySet<string> = new Set(['ContentBasedDeduplication', 'FifoThroughputScope']);
/** Where AWS logs how deliveries went. */
const FEEDBACK =
  /^(?:HTTP|Lambda|SQS|Firehose|Application)(?:SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/u;
const FLAGS: ReadonlySet<string> = new Set(['FifoTopic', 'ContentBasedDeduplication']);

export const topicActions: Actions = {
  CreateTopic: { parameters: ['Name', 'Attributes', 'Tags'], run: createTopic },
  DeleteTopic: {
    parameters: ['TopicArn'],
    run({ store }, query) {
      const arn = required(query, 'TopicArn');
      // Deleting what is not there is no error.
      if (store.topics.has(arn)) store.commit([{ did: 'delete topic', arn }]);
      return undefined;
    },
  },
  ListTopics: {
    parameters: ['NextToken'],
    run({ store }, query) {
      const { page, token } = paged(query, [...store.topics.keys()]);
      return { Topics: page.map((TopicArn) => ({ TopicArn })), NextToken: token };
    },
  },
  GetTopicAttributes: {
    parameters: ['TopicArn'],
    run: (service, query) => ({
      Attributes: new Map(
        Object.entries(attributesOf(service, service.store.topic(required(query, 'TopicArn')))),
      ),
    }),
  },
  SetTopicAttributes: {
    parameters: ['TopicArn', 'AttributeName', 'AttributeValue'],
    run({ store }, query) {
      const topic = store.topic(required(query, 'TopicArn'));
      const given = { [required(query, 'AttributeName')]: query.get('AttributeValue') ?? '' };
      checkAttributes(isFifo(topic.arn), given);
      store.commit([{ did: 'topic', topic: { ...topic, attributes: { ...topic.attributes, ...given } } }]);
      return undefined;
    },
  },
  TagResource: {
    parameters: ['ResourceArn', 'Tags'],
    run(service, query) {
      const topic = service.store.topic(required(query, 'ResourceArn'));
      return setTags(service, topic, { ...topic.tags, ...tagsIn(query) });
    },
  },
  UntagResource: {
    parameters: ['ResourceArn', 'TagKeys'],
    run(service, query) {
      const topic = service.store.topic(required(query, 'ResourceArn'));
      const gone = textsIn(query, 'TagKeys');
      return setTags(
        service,
        topic,
        Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !gone.includes(key))),
      );
    },
  },
  ListTagsForResource: {
    parameters: ['ResourceArn'],
    run: ({ store }, query) => ({
      Tags: Object.entries(store.topic(required(query, 'ResourceArn')).tags).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }),
  },
};

function createTopic(service: SnsService, query: Query): { TopicArn: string } {
  const { store } = service;
  const name = required(query, 'Name');
  const attributes = mapIn(query, 'Attributes');
  const tags = tagsIn(query);
  const fifo = attributes['FifoTopic'] === 'true';
  const plain = fifo ? name.replace(/\.fifo$/u, '') : name;
  if (fifo && plain === name) throw invalid('Topic Name Reason: Fifo Topic names must end with .fifo');
  if (!/^[\w-]+$/u.test(plain) || name.length > 256) throw invalid('Topic Name');
  const { FifoTopic: _, ...others } = attributes;
  if (attributes['FifoTopic'] !== undefined) checkFlag('FifoTopic', attributes['FifoTopic']);
  checkAttributes(fifo, others);

  const arn = arnOf(service, name);
  const existing = store.topics.get(arn);
  if (existing !== undefined) {
    const has = attributesOf(service, existing);
    if (Object.entries(others).some(([attribute, value]) => has[attribute] !== value)) {
      throw invalid('Attributes Reason: Topic already exists with different attributes');
    }
    if (Object.entries(tags).some(([key, value]) => existing.tags[key] !== value)) {
      throw invalid('Tags Reason: Topic already exists with different tags');
    }
    return { TopicArn: arn };
  }
  store.commit([{ did: 'topic', topic: { name, arn, attributes: others, tags } }]);
  return { TopicArn: arn };
}

function attributesOf({ store, accountId }: SnsService, topic: Topic): Record<string, string> {
  const all = store.of(topic.arn);
  const pending = all.filter(({ token }) => token !== undefined).length;
  return {
    TopicArn: topic.arn,
    Owner: accountId,
    DisplayName: '',
    SubscriptionsConfirmed: String(all.length - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: '0',
    ...(isFifo(topic.arn) && {
      FifoTopic: 'true',
      ContentBasedDeduplication: 'false',
      FifoThroughputScope: 'Topic',
    }),
    ...topic.attributes,
  };
}

function checkAttributes(fifo: boolean, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'ArchivePolicy') throw notImplemented('the topic attribute ArchivePolicy');
    if (!(SETTABLE.has(name) || FEEDBACK.test(name)) || (FIFO_ONLY.has(name) && !fifo)) {
      throw invalid(`AttributeName Reason: ${name}`);
    }
    if (FLAGS.has(name)) checkFlag(name, value);
    if (name === 'FifoThroughputScope' && value !== 'Topic' && value !== 'MessageGroup') {
      throw invalid('FifoThroughputScope Reason: must be Topic or MessageGroup');
    }
    if (name === 'SignatureVersion' && value !== '1' && value !== '2') {
      throw invalid('SignatureVersion Reason: must be 1 or 2');
    }
  }
}

function checkFlag(name: string, value: string): void {
  if (value !== 'true' && value !== 'false') throw invalid(`${name} Reason: must be true or false`);
}

function tagsIn(query: Query): Record<string, string> {
  return Object.fromEntries(
    listIn(query, 'Tags').map((tag) => [required(tag, 'Key'), tag.get('Value') ?? '']),
  );
}

function setTags({ store }: SnsService, topic: Topic, tags: Readonly<Record<string, string>>): undefined {
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new SnsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
  }
  store.commit([{ did: 'topic', topic: { ...topic, tags } }]);
}
