/**
 * Lifecycle rules of buckets, from CloudFormation's names to those of PutBucketLifecycleConfiguration.
 *
 * @module
 */
import type { Section } from '../section.ts';

const DAYS = { least: 1, most: 2_147_483_647, unit: 'days' };

export function lifecycleOf(section: Section | undefined): unknown {
  if (section === undefined) return undefined;
  section.ignore('TransitionDefaultMinimumObjectSize');
  return { Rules: section.sections('Rules').map((rule) => ruleOf(rule)) };
}

function ruleOf(rule: Section): Readonly<Record<string, unknown>> {
  // Storage classes are one here.
  rule.ignore('Transition', 'Transitions', 'NoncurrentVersionTransition', 'NoncurrentVersionTransitions');
  const id = rule.text('Id');
  const days = rule.integer('ExpirationInDays', DAYS);
  const date = rule.text('ExpirationDate');
  const markers = rule.flag('ExpiredObjectDeleteMarker');
  const expiration = {
    ...(days !== undefined && { Days: days }),
    ...(date !== undefined && { Date: date }),
    ...(markers !== undefined && { ExpiredObjectDeleteMarker: markers }),
  };
  const noncurrent = rule.section('NoncurrentVersionExpiration');
  const newer = noncurrent?.integer('NewerNoncurrentVersions', { least: 1, most: 100 });
  const noncurrentDays =
    noncurrent?.integer('NoncurrentDays', DAYS) ?? rule.integer('NoncurrentVersionExpirationInDays', DAYS);
  const abort = rule.section('AbortIncompleteMultipartUpload')?.integer('DaysAfterInitiation', DAYS);
  return {
    ...(id !== undefined && { ID: id }),
    Status: rule.text('Status', { required: true, of: ['Enabled', 'Disabled'] }) ?? 'Disabled',
    Filter: { Prefix: rule.text('Prefix') ?? '' },
    ...(Object.keys(expiration).length > 0 && { Expiration: expiration }),
    ...(noncurrentDays !== undefined && {
      NoncurrentVersionExpiration: {
        NoncurrentDays: noncurrentDays,
        ...(newer !== undefined && { NewerNoncurrentVersions: newer }),
      },
    }),
    ...(abort !== undefined && { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
  };
}
