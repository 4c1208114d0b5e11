/**
 * SNS topics and what subscribes to them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
 */
import type { AppTopic } from '../app.ts';
import { addTo, functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';

/** Reads a topic, its inline subscriptions among it. */
export function readTopic(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore(
    'ArchivePolicy',
    'DataProtectionPolicy',
    'DeliveryStatusLogging',
    'KmsMasterKeyId',
    'Tags',
    'TopicName',
  );
  section.ignore('TracingConfig', 'SignatureVersion');
  const display = section.text('DisplayName');
  const fifo = section.flag('FifoTopic') === true;
  const deduplicates = section.flag('ContentBasedDeduplication');
  const scope = section.text('FifoThroughputScope', { of: ['Topic', 'MessageGroup'] });
  const { name } = resource.identity;
  if (fifo !== name.endsWith('.fifo'))
    section.error(
      'TopicName',
      `a topic is FIFO if its name ends with .fifo, and only then; "${name}" and FifoTopic contradict each other`,
    );

  const attributes = {
    ...(display !== undefined && { DisplayName: display }),
    ...(fifo && { FifoTopic: 'true' }),
    ...(deduplicates !== undefined && { ContentBasedDeduplication: String(deduplicates) }),
    ...(scope !== undefined && { FifoThroughputScope: scope }),
  };
  for (const [index, inline] of section.sections('Subscription').entries()) {
    subscribe(inline, resource, `${resource.id}Subscription${index}`, draft);
  }
  draft.topics.push({ ...draft.declare(resource), attributes, subscriptions: [] });
  section.close();
}

export function readSubscription(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore('Region');
  const topic = topicIn(section, 'TopicArn', draft);
  if (topic !== undefined) {
    subscribe(section, topic, resource.id, draft);
    section.close();
  }
}

/** The topic that a property names. */
export function topicIn(section: Section, name: string, draft: Draft): Resource | undefined {
  const arn = section.text(name, { required: true });
  const topic = draft.stack.find(arn, 'AWS::SNS::Topic');
  if (arn !== undefined && topic === undefined)
    section.error(name, `"${name}" is no topic of this template: ${arn}`);
  return topic;
}

function subscribe(section: Section, topic: Resource, id: string, draft: Draft): void {
  const protocol = section.text('Protocol', {
    required: true,
    of: ['application', 'email', 'email-json', 'firehose', 'http', 'https', 'lambda', 'sms', 'sqs'],
  });
  const endpoint = section.text('Endpoint', { required: true });
  if (protocol === undefined || endpoint === undefined) {
    section.drop();
    return;
  }
  const place = draft.place(section.line);

  if (protocol === 'lambda') {
    const target = functionOf(endpoint, draft.stack);
    if (target === undefined)
      section.error('Endpoint', `"Endpoint" is no function of this template: ${endpoint}`);
    section.ignore('DeliveryPolicy');
    if (section.flag('RawMessageDelivery') === true)
      section.error('RawMessageDelivery', 'SNS delivers raw messages to queues and HTTP only');
    if (target !== undefined) addTopicTrigger(section, topic, { id, target, line: section.line }, draft);
    return;
  }
  const isQueue = draft.stack.find(endpoint, 'AWS::SQS::Queue') !== undefined;
  if (protocol === 'sqs' && !isQueue)
    section.error('Endpoint', `"Endpoint" is no queue of this template: ${endpoint}`);
  const subscription: AppTopic['subscriptions'][number] = {
    protocol,
    endpoint,
    attributes: attributesOf(section),
    place,
  };
  addTo(draft.subscriptions, topic.id, subscription);
}

/** A function that a topic invokes. */
export function addTopicTrigger(
  section: Section,
  topic: Resource,
  { id, target, line }: { readonly id: string; readonly target: string; readonly line: number },
  draft: Draft,
): void {
  const filterPolicy = jsonOf(section, 'FilterPolicy');
  const scope = section.text('FilterPolicyScope', { of: ['MessageAttributes', 'MessageBody'] });
  const redrive = section.json('RedrivePolicy');
  if (redrive !== undefined)
    section.unknown('RedrivePolicy', '"RedrivePolicy" of a function is not played here, left out');
  draft.triggers.push({
    type: 'sns',
    function: target,
    id,
    place: draft.place(line),
    enabled: true,
    source: topic.identity.arn,
    ...(filterPolicy !== undefined && { filterPolicy }),
    filterScope: scope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
  });
}

function attributesOf(section: Section): Readonly<Record<string, string>> {
  const raw = section.flag('RawMessageDelivery');
  const scope = section.text('FilterPolicyScope', { of: ['MessageAttributes', 'MessageBody'] });
  const values = {
    RawMessageDelivery: raw === undefined ? undefined : String(raw),
    FilterPolicy: jsonOf(section, 'FilterPolicy'),
    FilterPolicyScope: scope,
    RedrivePolicy: jsonOf(section, 'RedrivePolicy'),
    DeliveryPolicy: jsonOf(section, 'DeliveryPolicy'),
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A property that may be JSON text or written out. */
function jsonOf(section: Section, name: string): string | undefined {
  const value = section.json(name);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
