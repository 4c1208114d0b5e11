/**
 * Names of events, S3's and EventBridge's, and patterns over them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
 */

/** What became of the object: `other` for tags, access lists, restores, storage classes, replication. */
export type ObjectKind = 'created' | 'removed' | 'other';

/** The event names there are, without the `s3:` that notification settings put in front. */
const NAMES = [
  'ObjectCreated:Put',
  'ObjectCreated:Post',
  'ObjectCreated:Copy',
  'ObjectCreated:CompleteMultipartUpload',
  'ObjectRemoved:Delete',
  'ObjectRemoved:DeleteMarkerCreated',
  'LifecycleExpiration:Delete',
  'LifecycleExpiration:DeleteMarkerCreated',
  'LifecycleTransition',
  'IntelligentTiering',
  'ObjectRestore:Post',
  'ObjectRestore:Completed',
  'ObjectRestore:Delete',
  'ObjectTagging:Put',
  'ObjectTagging:Delete',
  'ObjectAcl:Put',
  'ReducedRedundancyLostObject',
  'Replication:OperationFailedReplication',
  'Replication:OperationMissedThreshold',
  'Replication:OperationReplicatedAfterThreshold',
  'Replication:OperationNotTracked',
] as const;

/** The name of an S3 event, as records have it. */
export type EventName = (typeof NAMES)[number];

type Family = EventName extends infer Name ? (Name extends `${infer Of}:${string}` ? Of : never) : never;

/** An event name, or all of a family: `ObjectCreated:*`. With or without `s3:`. */
export type EventPattern = EventName | `${Family}:*` | `s3:${EventName}` | `s3:${Family}:*`;

const BY_DETAIL: Readonly<Record<string, EventName>> = {
  'Object Restore Initiated': 'ObjectRestore:Post',
  'Object Restore Completed': 'ObjectRestore:Completed',
  'Object Restore Expired': 'ObjectRestore:Delete',
  'Object Storage Class Changed': 'LifecycleTransition',
  'Object Access Tier Changed': 'IntelligentTiering',
  'Object Tags Added': 'ObjectTagging:Put',
  'Object Tags Deleted': 'ObjectTagging:Delete',
  'Object ACL Updated': 'ObjectAcl:Put',
};

const BY_REASON: Readonly<Record<string, EventName>> = {
  'POST Object': 'ObjectCreated:Post',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
};

/**
 * S3's own name of an EventBridge event; its type as it is where S3 has none.
 *
 * @param type - the `detail-type`
 */
export function eventNameOf(type: string, reason: string | undefined, deletion: string | undefined): string {
  if (type === 'Object Created') return own(BY_REASON, reason) ?? 'ObjectCreated:Put';
  if (type === 'Object Deleted') {
    const family = reason === 'Lifecycle Expiration' ? 'LifecycleExpiration' : 'ObjectRemoved';
    return `${family}:${deletion === 'Delete Marker Created' ? 'DeleteMarkerCreated' : 'Delete'}`;
  }
  return own(BY_DETAIL, type) ?? type;
}

function own(table: Readonly<Record<string, EventName>>, name: string | undefined): EventName | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What an event tells of. */
export function kindOf(eventName: string): ObjectKind {
  if (eventName.startsWith('ObjectCreated:')) return 'created';
  return eventName.startsWith('ObjectRemoved:') || eventName.startsWith('LifecycleExpiration:')
    ? 'removed'
    : 'other';
}

/** Tells whether any event there is has such a name: a pattern that never matches is a slip. */
export function isPattern(value: unknown): value is EventPattern {
  return typeof value === 'string' && NAMES.some((name) => isNamed(name, value));
}

/** Tells whether an event's name matches a pattern. */
export function isNamed(eventName: string, pattern: string): boolean {
  const wanted = pattern.startsWith('s3:') ? pattern.slice(3) : pattern;
  return wanted.endsWith(':*') ? eventName.startsWith(wanted.slice(0, -1)) : eventName === wanted;
}
