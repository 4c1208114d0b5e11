/**
 * What S3 tells of a change to an object, in its own form.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { HOST_ID } from './answer.ts';
import { targetsOf } from './notification-targets.ts';
import type { NotificationTarget } from './notification-targets.ts';
import { urlEncoded } from './page.ts';
import type { S3Request } from './request.ts';
import { OWNER } from './service.ts';
import type { Service } from './service.ts';
import type { Bucket } from './state.ts';

/** Names of events, as in records: without `s3:`. */
export type S3EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'ObjectTagging:Put'
  | 'ObjectTagging:Delete';

/** A change as the operations tell it. */
export interface ObjectChange {
  readonly name: S3EventName;
  readonly bucket: string;
  readonly key: string;
  /** `null` where the bucket keeps no versions. */
  readonly versionId: string;
  readonly size?: number;
  readonly etag?: string;
  readonly sequencer?: string;
}

/** A change that was kept, and where the bucket's notification configuration wants it. */
export interface S3Notification {
  readonly name: S3EventName;
  readonly bucket: string;
  /** As it was put, not encoded. */
  readonly key: string;
  /** Without a configuration's id: each target puts its own there. */
  readonly record: LocalS3Record;
  readonly targets: readonly NotificationTarget[];
  /** X-Ray header of the request that brought it, which tells the invocation that made it. */
  readonly trace: string | undefined;
}

/** A record as in `Records` of an event. */
export interface LocalS3Record {
  readonly eventVersion: string;
  readonly eventSource: 'aws:s3';
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly eventName: S3EventName;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly responseElements: { readonly 'x-amz-request-id': string; readonly 'x-amz-id-2': string };
  readonly s3: {
    readonly s3SchemaVersion: '1.0';
    readonly configurationId: string;
    readonly bucket: {
      readonly name: string;
      readonly ownerIdentity: { readonly principalId: string };
      readonly arn: string;
    };
    readonly object: {
      /** Form-encoded: a space is `+`. */
      readonly key: string;
      /** Bytes; not where something was removed. */
      readonly size?: number;
      /** Without quotes; not where something was removed. */
      readonly eTag?: string;
      /** Only where the bucket keeps versions. */
      readonly versionId?: string;
      readonly sequencer?: string;
    };
  };
}

/** @param request - that brought the change */
export function notificationOf(
  change: ObjectChange,
  bucket: Bucket,
  request: Pick<S3Request, 'id' | 'sourceAddress' | 'headers'>,
  { region, store }: Pick<Service, 'region' | 'store'>,
): S3Notification {
  const { name, key, versionId, size, etag, sequencer } = change;
  return {
    name,
    bucket: bucket.name,
    key,
    targets: targetsOf(bucket, change),
    trace: request.headers.get('x-amzn-trace-id'),
    record: {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: region,
      eventTime: new Date(store.now()).toISOString(),
      eventName: name,
      userIdentity: { principalId: OWNER },
      requestParameters: { sourceIPAddress: request.sourceAddress },
      responseElements: { 'x-amz-request-id': request.id, 'x-amz-id-2': HOST_ID },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: '',
        bucket: {
          name: bucket.name,
          ownerIdentity: { principalId: OWNER },
          arn: `arn:aws:s3:::${bucket.name}`,
        },
        object: {
          key: urlEncoded(key),
          ...(size !== undefined && { size }),
          ...(etag !== undefined && { eTag: etag }),
          ...(bucket.configurations.has('versioning') && { versionId }),
          ...(sequencer !== undefined && { sequencer }),
        },
      },
    },
  };
}
