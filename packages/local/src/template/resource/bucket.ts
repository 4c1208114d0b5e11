/**
 * S3 buckets and what they notify.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
 */
import type { AppBucket } from '../app.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { lifecycleOf } from './lifecycle.ts';
import { notificationsOf } from './notifications.ts';
import type { Notifications } from './notifications.ts';

/** Reads all buckets: policies and custom notifications stand in resources of their own. */
export function readBuckets(draft: Draft): void {
  const { stack } = draft;
  const policies = new Map<string, unknown>();
  const custom = new Map<string, Notifications>();
  for (const resource of stack.resources) {
    if (resource.type !== 'AWS::S3::BucketPolicy' && resource.type !== 'Custom::S3BucketNotifications')
      continue;
    const section = stack.section(resource);
    section.ignore('ServiceToken', 'Managed', 'SkipDestinationValidation');
    const isPolicy = resource.type === 'AWS::S3::BucketPolicy';
    const name = section.text(isPolicy ? 'Bucket' : 'BucketName', { required: true });
    const bucket = stack.find(name, 'AWS::S3::Bucket');
    if (bucket === undefined && name !== undefined)
      section.unknown(undefined, `bucket "${name}" is not of this template, left out`);
    else if (bucket !== undefined && isPolicy) policies.set(bucket.id, section.json('PolicyDocument'));
    else if (bucket !== undefined)
      custom.set(bucket.id, notificationsOf(section.section('NotificationConfiguration'), bucket.id, draft));
    section.close();
  }
  for (const resource of stack.resources) {
    if (resource.type === 'AWS::S3::Bucket')
      readBucket(resource, policies.get(resource.id), custom.get(resource.id), draft);
  }
}

function readBucket(
  resource: Resource,
  policy: unknown,
  custom: Notifications | undefined,
  draft: Draft,
): void {
  const section = draft.stack.section(resource);
  // Who may, at which price, and what is counted: requests answer the same.
  section.ignore(
    'AccelerateConfiguration',
    'AccessControl',
    'AnalyticsConfigurations',
    'BucketEncryption',
    'BucketName',
  );
  section.ignore(
    'IntelligentTieringConfigurations',
    'InventoryConfigurations',
    'LoggingConfiguration',
    'MetricsConfigurations',
  );
  section.ignore('OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags');
  const { name } = resource.identity;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..'))
    section.error(
      'BucketName',
      `a bucket's name is 3 to 63 small letters, digits, hyphens and dots, got "${name}"`,
    );

  const own = notificationsOf(section.section('NotificationConfiguration'), resource.id, draft);
  const cors = corsOf(section.section('CorsConfiguration'));
  const lifecycle = lifecycleOf(section.section('LifecycleConfiguration'));
  const bucket: AppBucket = {
    ...draft.declare(resource),
    versioned:
      section.section('VersioningConfiguration')?.text('Status', { of: ['Enabled', 'Suspended'] }) ===
      'Enabled',
    notifications: [...own.notifications, ...(custom?.notifications ?? [])],
    eventBridge: own.eventBridge || custom?.eventBridge === true,
    ...(policy !== undefined && { policy }),
    ...(cors !== undefined && { cors }),
    ...(lifecycle !== undefined && { lifecycle }),
  };
  draft.buckets.push(bucket);
  section.close();
}

/** CloudFormation's names of CORS rules as PutBucketCors has them. */
function corsOf(section: Section | undefined): unknown {
  if (section === undefined) return undefined;
  const rules = section.sections('CorsRules').map((rule) => corsRuleOf(rule));
  return { CORSRules: rules };
}

function corsRuleOf(rule: Section): Readonly<Record<string, unknown>> {
  const id = rule.text('Id');
  const age = rule.integer('MaxAge', { least: 0, most: 2_147_483_647, unit: 'seconds' });
  return {
    ...(id !== undefined && { ID: id }),
    AllowedOrigins: rule.texts('AllowedOrigins'),
    AllowedMethods: rule.texts('AllowedMethods'),
    AllowedHeaders: rule.texts('AllowedHeaders'),
    ExposeHeaders: rule.texts('ExposedHeaders'),
    ...(age !== undefined && { MaxAgeSeconds: age }),
  };
}
