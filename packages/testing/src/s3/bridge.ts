/**
 * The event that EventBridge makes of what happens in a bucket.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import type { S3NotificationEvent } from 'aws-lambda';

import { type S3Bucket, type S3EventObject, toldOf } from './object.ts';

const CREATED: Readonly<Record<string, string>> = {
  'ObjectCreated:Put': 'PutObject',
  'ObjectCreated:Post': 'POST Object',
  'ObjectCreated:Copy': 'CopyObject',
  'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload',
};

const OTHER: Readonly<Record<string, string>> = {
  'ObjectRestore:Post': 'Object Restore Initiated',
  'ObjectRestore:Completed': 'Object Restore Completed',
  'ObjectRestore:Delete': 'Object Restore Expired',
  LifecycleTransition: 'Object Storage Class Changed',
  IntelligentTiering: 'Object Access Tier Changed',
  'ObjectTagging:Put': 'Object Tags Added',
  'ObjectTagging:Delete': 'Object Tags Deleted',
  'ObjectAcl:Put': 'Object ACL Updated',
};

/**
 * Builds the EventBridge event of one object: other names than S3's own event, and the key as it is.
 *
 * @param object - what happened to it; a string is the key of an object that was put
 * @param bucket - where it is
 * @throws TypeError for an event that EventBridge does not send
 * @example
 * const event = s3BridgeEvent({ key: 'in/red flower.jpg', event: 'ObjectCreated:Copy' });
 * event['detail-type']; // 'Object Created'
 */
export function s3BridgeEvent(object: S3EventObject | string, bucket: S3Bucket = {}): S3NotificationEvent {
  const stated = typeof object === 'string' ? { key: object } : object;
  const { bucket: name = 'test-bucket', region = 'eu-west-1', account = '123456789012' } = bucket;
  const { event, size, etag, versionId, sequencer, time, requestId } = toldOf(stated);
  const { type, reason } = typeAndReason(event);
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': type,
    source: 'aws.s3',
    account,
    time: `${time.toISOString().slice(0, 19)}Z`, // whole seconds
    region,
    resources: [`arn:aws:s3:::${name}`],
    detail: {
      version: '0',
      bucket: { name },
      object: {
        key: stated.key,
        ...(size === undefined ? {} : { size }),
        ...(etag === undefined ? {} : { etag }),
        ...(versionId === undefined ? {} : { 'version-id': versionId }),
        ...(sequencer === undefined ? {} : { sequencer }),
      },
      'request-id': requestId,
      requester: account,
      'source-ip-address': '192.0.2.1',
      ...reason,
    },
  } as S3NotificationEvent; // which of the ten it is hangs on the event's name
}

function typeAndReason(event: string): {
  readonly type: string;
  readonly reason: Readonly<Record<string, string>>;
} {
  const created = CREATED[event];
  if (created !== undefined) return { type: 'Object Created', reason: { reason: created } };
  const [family, how] = event.split(':');
  if (family === 'ObjectRemoved' || family === 'LifecycleExpiration')
    return {
      type: 'Object Deleted',
      reason: {
        reason: family === 'ObjectRemoved' ? 'DeleteObject' : 'Lifecycle Expiration',
        'deletion-type': how === 'DeleteMarkerCreated' ? 'Delete Marker Created' : 'Permanently Deleted',
      },
    };
  const other = OTHER[event];
  if (other === undefined) throw new TypeError(`EventBridge sends no ${event}`);
  return { type: other, reason: {} };
}
