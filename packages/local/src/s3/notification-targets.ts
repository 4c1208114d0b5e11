/**
 * Notification configurations: which changes a bucket tells whom.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
import { isNotified } from '../mapping/s3.ts';
import { configured } from './configuration.ts';
import { malformedXml, S3Error } from './errors.ts';
import { newRequestId } from './ids.ts';
import type { Bucket } from './state.ts';
import { childOf, childrenOf, onlyChildren, readXml, textOf } from './xml-read.ts';
import type { Element } from './xml-read.ts';

/** Whom a bucket tells. */
export interface NotificationTarget {
  readonly kind: 'function' | 'queue' | 'topic' | 'eventbridge';
  /** Of the configuration: what a record has as `configurationId`. */
  readonly id: string;
  /** `''` for EventBridge: there is one bus. */
  readonly arn: string;
}

interface Configured extends NotificationTarget {
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

/** What each kind is called in the document, and where its ARN stands. */
const KINDS = [
  ['CloudFunctionConfiguration', 'CloudFunction', 'function'],
  ['QueueConfiguration', 'Queue', 'queue'],
  ['TopicConfiguration', 'Topic', 'topic'],
] as const;

const EVENT =
  /^s3:(?:ObjectCreated:(?:\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(?:\*|Delete|DeleteMarkerCreated)|ObjectTagging:(?:\*|Put|Delete)|ObjectAcl:Put|ObjectRestore:(?:\*|Post|Completed|Delete)|LifecycleExpiration:(?:\*|Delete|DeleteMarkerCreated)|LifecycleTransition|IntelligentTiering|ReducedRedundancyLostObject|Replication:(?:\*|\w+))$/u;

const configurationOf: (bucket: Bucket) => readonly Configured[] | undefined = configured(
  'notification',
  (text) => readTargets(readXml(text)),
);

/** Those that want to hear of a change. */
export function targetsOf(
  bucket: Bucket,
  change: { readonly name: string; readonly key: string },
): readonly NotificationTarget[] {
  return (configurationOf(bucket) ?? [])
    .filter((target) => isNotified(target, change))
    .map(({ kind, id, arn }) => ({ kind, id, arn }));
}

/** @throws S3Error where it is no notification configuration, or two of its parts want the same */
export function readTargets(root: Element): readonly Configured[] {
  if (root.name !== 'NotificationConfiguration') throw malformedXml();
  onlyChildren(root, [...KINDS.map(([name]) => name), 'EventBridgeConfiguration']);
  const targets = KINDS.flatMap(([name, arn, kind]) =>
    childrenOf(root, name).map((element) => readTarget(element, arn, kind)),
  );
  for (const [index, target] of targets.entries())
    if (targets.slice(index + 1).some((other) => overlap(target, other)))
      throw invalid(
        'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
      );
  const bus = childOf(root, 'EventBridgeConfiguration');
  return bus === undefined
    ? targets
    : [...targets, { kind: 'eventbridge', id: '', arn: '', events: ['s3:*'], prefix: '', suffix: '' }];
}

/** The document with an id for each part that had none. */
export function withIds(root: Element): Element {
  const children = root.children.map((element) =>
    element.name === 'EventBridgeConfiguration' || childOf(element, 'Id') !== undefined
      ? element
      : { ...element, children: [{ name: 'Id', children: [], text: newRequestId() }, ...element.children] },
  );
  return { ...root, children };
}

function readTarget(element: Element, arnName: string, kind: 'function' | 'queue' | 'topic'): Configured {
  onlyChildren(element, ['Id', arnName, 'Event', 'Filter']);
  const arn = textOf(element, arnName);
  const events = childrenOf(element, 'Event').map(({ text }) => text);
  if (arn === undefined || events.length === 0) throw malformedXml();
  if (!/^arn:aws[\w-]*:(?:lambda|sqs|sns):/u.test(arn)) throw invalid('The ARN could not be parsed');
  const unknown = events.find((event) => !EVENT.test(event));
  if (unknown !== undefined) throw invalid(`The event '${unknown}' is not supported for notifications`);
  return { kind, id: textOf(element, 'Id') ?? '', arn, events, ...readFilter(childOf(element, 'Filter')) };
}

function readFilter(filter: Element | undefined): { prefix: string; suffix: string } {
  const found = { prefix: '', suffix: '' };
  if (filter === undefined) return found;
  onlyChildren(filter, ['S3Key']);
  const key = childOf(filter, 'S3Key');
  for (const rule of key?.children ?? []) {
    onlyChildren(rule, ['Name', 'Value']);
    const name = textOf(rule, 'Name')?.toLowerCase();
    if (name !== 'prefix' && name !== 'suffix')
      throw invalid('filter rule name must be either prefix or suffix');
    found[name] = textOf(rule, 'Value') ?? '';
  }
  return found;
}

/** Whether some key and event could go to both. */
function overlap(one: Configured, other: Configured): boolean {
  const events = one.events.some((event) =>
    other.events.some((second) => covers(event, second) || covers(second, event)),
  );
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  const suffixes = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
  return events && prefixes && suffixes;
}

function covers(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event;
}

function invalid(message: string): S3Error {
  return new S3Error(400, 'InvalidArgument', message);
}
