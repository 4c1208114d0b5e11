/**
 * Who is to hear of a change to an object, and in which words.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import type { LocalAws } from '../aws/start.ts';
import { isNotified } from '../mapping/index.ts';
import type { BusEvent } from '../mapping/index.ts';
import type { S3Notification } from '../s3/notification.ts';
import type { App, AppBucket, AppFunction } from '../template/app.ts';

export interface Told {
  readonly id: string;
  /** A function, an ARN, or the event bus. */
  readonly to: AppFunction | string;
}

/** Whoever the template or the bucket's own configuration wants to hear of a change. */
export function objectTargets(notification: S3Notification, app: App): Told[] {
  const bucket: AppBucket | undefined = app.buckets.find(({ name }) => name === notification.bucket);
  const functions = app.triggers.flatMap((trigger): Told[] => {
    if (trigger.type !== 's3' || trigger.bucket !== bucket?.id || !trigger.enabled) return [];
    const declared = app.functions.find(({ id }) => id === trigger.function);
    return declared !== undefined && isNotified(trigger, notification)
      ? [{ id: trigger.id, to: declared }]
      : [];
  });
  const others = (bucket?.notifications ?? []).flatMap((wanted): Told[] =>
    isNotified(wanted, notification) ? [{ id: bucket?.id ?? '', to: wanted.target }] : [],
  );
  const configured = notification.targets.map(({ id, arn, kind }) => ({
    id,
    to: kind === 'eventbridge' ? 'bus' : arn,
  }));
  const bus = bucket?.eventBridge === true ? [{ id: bucket.id, to: 'bus' }] : [];
  return [...functions, ...others, ...configured, ...bus];
}

/** The record as whoever asked for it under that id gets it. */
export function recordFor({ record }: S3Notification, configurationId: string): object {
  return { ...record, s3: { ...record.s3, configurationId } };
}

/** The event that EventBridge gets, whose keys are as they were put. */
export function bridgeEvent(
  { bucket, key, name, record }: S3Notification,
  { region, accountId }: Pick<LocalAws, 'region' | 'accountId'>,
): BusEvent {
  const { size, eTag, versionId, sequencer } = record.s3.object;
  const { type, ...words } = BRIDGED[name];
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': type,
    source: 'aws.s3',
    account: accountId,
    time: record.eventTime.replace(/\.\d+Z$/u, 'Z'),
    region,
    resources: [record.s3.bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        ...(size !== undefined && { size }),
        ...(eTag !== undefined && { etag: eTag }),
        ...(versionId !== undefined && { 'version-id': versionId }),
        ...(sequencer !== undefined && { sequencer }),
      },
      'request-id': record.responseElements['x-amz-request-id'],
      requester: accountId,
      'source-ip-address': record.requestParameters.sourceIPAddress,
      ...words,
    },
  };
}

/** What EventBridge calls what S3 has other names for. */
const BRIDGED: Readonly<
  Record<
    S3Notification['name'],
    { readonly type: string; readonly reason?: string; readonly 'deletion-type'?: string }
  >
> = {
  'ObjectCreated:Put': { type: 'Object Created', reason: 'PutObject' },
  'ObjectCreated:Copy': { type: 'Object Created', reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': { type: 'Object Created', reason: 'CompleteMultipartUpload' },
  'ObjectRemoved:Delete': {
    type: 'Object Deleted',
    reason: 'DeleteObject',
    'deletion-type': 'Permanently Deleted',
  },
  'ObjectRemoved:DeleteMarkerCreated': {
    type: 'Object Deleted',
    reason: 'DeleteObject',
    'deletion-type': 'Delete Marker Created',
  },
  'ObjectTagging:Put': { type: 'Object Tags Added' },
  'ObjectTagging:Delete': { type: 'Object Tags Deleted' },
};
