/**
 * Notifications of buckets: CloudFormation's, CDK's custom resource, and what SAM's S3 events come to.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
import type { BucketNotification, BucketTrigger } from '../app.ts';
import { functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';

export interface Notifications {
  /** To queues and topics; those to functions became triggers. */
  readonly notifications: readonly BucketNotification[];
  readonly eventBridge: boolean;
}

const eventName =
  /^s3:(?:ObjectCreated:(?:\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(?:\*|Delete|DeleteMarkerCreated)|ObjectRestore:(?:\*|Post|Completed|Delete)|ReducedRedundancyLostObject|Replication:(?:\*|\w+)|LifecycleExpiration:(?:\*|Delete|DeleteMarkerCreated)|LifecycleTransition|IntelligentTiering|ObjectTagging:(?:\*|Put|Delete)|ObjectAcl:Put)$/;

/** @param bucket - logical id */
export function notificationsOf(section: Section | undefined, bucket: string, draft: Draft): Notifications {
  if (section === undefined) return { notifications: [], eventBridge: false };
  // The names of CloudFormation, then those of the API, which CDK's custom resource takes.
  const functions = [
    ...section.sections('LambdaConfigurations').map((each) => [each, 'Function'] as const),
    ...section.sections('LambdaFunctionConfigurations').map((each) => [each, 'LambdaFunctionArn'] as const),
  ];
  for (const [index, [each, property]] of functions.entries()) {
    each.ignore('Id');
    const reference = each.text(property, { required: true });
    const target = functionOf(reference, draft.stack);
    if (target === undefined && reference !== undefined)
      each.error(property, `"${property}" is no function of this template: ${reference}`);
    if (target !== undefined)
      addBucketTrigger(each, bucket, { id: `${bucket}Notification${index}`, target, line: each.line }, draft);
  }
  const others = [
    ...section
      .sections('QueueConfigurations')
      .map((each) => [each, each.has('QueueArn') ? 'QueueArn' : 'Queue'] as const),
    ...section
      .sections('TopicConfigurations')
      .map((each) => [each, each.has('TopicArn') ? 'TopicArn' : 'Topic'] as const),
  ];
  const notifications = others.flatMap(([each, property]): readonly BucketNotification[] => {
    each.ignore('Id');
    const target = each.text(property, { required: true });
    if (target !== undefined && draft.stack.find(target, 'AWS::SQS::Queue', 'AWS::SNS::Topic') === undefined)
      each.error(property, `"${property}" is no queue or topic of this template: ${target}`);
    const what = watchedBy(each);
    return target === undefined ? [] : [{ ...what, target }];
  });
  const bridge = section.section('EventBridgeConfiguration');
  return { notifications, eventBridge: bridge !== undefined && bridge.flag('EventBridgeEnabled') !== false };
}

/** A function that a bucket invokes. */
export function addBucketTrigger(
  section: Section,
  bucket: string,
  { id, target, line }: { readonly id: string; readonly target: string; readonly line: number },
  draft: Draft,
): void {
  const trigger: BucketTrigger = {
    type: 's3',
    function: target,
    id,
    place: draft.place(line),
    enabled: true,
    bucket,
    ...watchedBy(section),
  };
  const rival = draft.triggers.find(
    (other) => other.type === 's3' && other.bucket === bucket && overlap(other, trigger),
  );
  if (rival !== undefined)
    section.error(
      undefined,
      `S3 refuses two notifications for the same events and keys: "${rival.id}" has them too`,
    );
  draft.triggers.push(trigger);
}

/** Events and filter of a notification, in any of their spellings. */
function watchedBy(section: Section): Pick<BucketTrigger, 'events' | 'prefix' | 'suffix'> {
  const property = section.has('Event') ? 'Event' : 'Events';
  const events = section.texts(property);
  if (events.length === 0 && !section.has(property)) section.error(undefined, `"${property}" is missing`);
  for (const event of events) {
    if (!eventName.test(event)) section.error(property, `"${event}" is no event of S3`);
  }
  const filter = section.section('Filter');
  const key = filter?.section('S3Key') ?? filter?.section('Key');
  const affixes: { prefix?: string; suffix?: string } = {};
  for (const rule of [...(key?.sections('Rules') ?? []), ...(key?.sections('FilterRules') ?? [])]) {
    const name = rule.text('Name', { required: true })?.toLowerCase();
    const value = rule.text('Value', { required: true }) ?? '';
    if (name === 'prefix' || name === 'suffix') affixes[name] = value;
    else if (name !== undefined) rule.error('Name', `"Name" must be prefix or suffix, got "${name}"`);
  }
  return { events, ...affixes };
}

/** Whether one object and event could be meant by both. */
function overlap(a: BucketTrigger, b: BucketTrigger): boolean {
  const sameEvents = a.events.some((one) =>
    b.events.some((other) => covers(one, other) || covers(other, one)),
  );
  const [prefix = '', otherPrefix = ''] = [a.prefix, b.prefix];
  const [suffix = '', otherSuffix = ''] = [a.suffix, b.suffix];
  return (
    sameEvents &&
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}

function covers(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1)));
}
