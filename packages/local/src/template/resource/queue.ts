/**
 * SQS queues.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
 */
import type { Draft } from '../draft.ts';
import { sectionOf } from '../section.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';

/** What SQS takes, in seconds or bytes. */
const numbers = {
  DelaySeconds: { least: 0, most: 900, unit: 'seconds' },
  MaximumMessageSize: { least: 1024, most: 1_048_576, unit: 'bytes' },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, unit: 'seconds' },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, unit: 'seconds' },
  VisibilityTimeout: { least: 0, most: 43_200, unit: 'seconds' },
} as const;

export function readQueue(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore('KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled', 'Tags');
  const attributes: [string, string][] = [];
  for (const [name, range] of Object.entries(numbers)) {
    const value = section.integer(name, range);
    if (value !== undefined) attributes.push([name, String(value)]);
  }

  const fifo = section.flag('FifoQueue') === true;
  if (fifo) attributes.push(['FifoQueue', 'true']);
  const deduplicates = section.flag('ContentBasedDeduplication');
  const scope = section.text('DeduplicationScope', { of: ['messageGroup', 'queue'] });
  const limit = section.text('FifoThroughputLimit', { of: ['perQueue', 'perMessageGroupId'] });
  for (const [name, value] of Object.entries({
    ContentBasedDeduplication: deduplicates === undefined ? undefined : String(deduplicates),
    DeduplicationScope: scope,
    FifoThroughputLimit: limit,
  })) {
    if (value === undefined) continue;
    if (fifo) attributes.push([name, value]);
    else if (value !== 'false') section.error(name, `"${name}" is for FIFO queues only`);
  }

  const redrive = redriveOf(section, resource, draft);
  if (redrive !== undefined) attributes.push(['RedrivePolicy', redrive]);
  const allowed = section.json('RedriveAllowPolicy');
  if (allowed !== undefined) attributes.push(['RedriveAllowPolicy', asText(allowed)]);

  checkName(section, resource.identity.name, fifo);
  const url = resource.identity.reference;
  draft.queues.push({ ...draft.declare(resource), url, attributes: Object.fromEntries(attributes) });
  section.close();
}

function redriveOf(section: Section, resource: Resource, draft: Draft): string | undefined {
  const tree = section.tree('RedrivePolicy');
  // As JSON text it is passed on as it is: CreateQueue holds it against its rules.
  if (tree?.kind !== 'map')
    return tree === undefined || tree.kind === 'gap' ? undefined : asText(section.json('RedrivePolicy'));
  const policy = sectionOf(tree, `${resource.id}.RedrivePolicy`, draft.stack.findings);
  const arn = policy.text('deadLetterTargetArn', { required: true });
  const count = policy.integer('maxReceiveCount', { least: 1, most: 1000 });
  if (count === undefined && !policy.has('maxReceiveCount'))
    policy.error(undefined, '"maxReceiveCount" is missing');
  policy.close();
  if (arn === undefined || count === undefined) return undefined;

  const target = draft.stack.find(arn, 'AWS::SQS::Queue');
  if (target === undefined) {
    policy.error('deadLetterTargetArn', `"deadLetterTargetArn" is no queue of this template: ${arn}`);
    return undefined;
  }
  if (isFifo(target.identity.name) !== isFifo(resource.identity.name))
    policy.error(
      'deadLetterTargetArn',
      'the dead-letter queue of a FIFO queue is a FIFO queue, that of a standard queue a standard queue',
    );
  return JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: count });
}

function checkName(section: Section, name: string, fifo: boolean): void {
  if (!section.has('QueueName')) {
    section.ignore('QueueName');
    return;
  }
  section.ignore('QueueName');
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80)
    section.error(
      'QueueName',
      `"QueueName" must be up to 80 letters, digits, hyphens and underscores, got "${name}"`,
    );
  if (fifo !== name.endsWith('.fifo'))
    section.error(
      'QueueName',
      `a queue is FIFO if its name ends with .fifo, and only then; "${name}" and FifoQueue contradict each other`,
    );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isFifo(name: string): boolean {
  return name.endsWith('.fifo');
}
