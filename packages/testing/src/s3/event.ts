/**
 * The event that S3 sends.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { randomBytes } from 'node:crypto';

import type { S3Event, S3EventRecord } from 'aws-lambda';

import { percentEncode } from '../http/percent.ts';
import { type S3Bucket, type S3EventObject, toldOf } from './object.ts';

/** What S3 sends once, when a notification is set up. */
export interface S3TestNotification {
  readonly Service: 'Amazon S3';
  readonly Event: 's3:TestEvent';
  readonly Time: string;
  readonly Bucket: string;
  readonly RequestId: string;
  readonly HostId: string;
}

/**
 * Builds the event of objects. Keys are encoded as S3 does it, sums and sizes computed, sequencers rise; removed
 * objects have neither size nor ETag.
 *
 * @param objects - in their order; a string is the key of an object that was put
 * @param bucket - where they are
 * @example
 * const event = s3Event([{ key: 'in/red flower.jpg', body: 'bytes' }, { key: 'old.jpg', event: 'ObjectRemoved:Delete' }]);
 * event.Records[0].s3.object.key; // 'in/red+flower.jpg'
 */
export function s3Event(objects: readonly (S3EventObject | string)[], bucket: S3Bucket = {}): S3Event {
  return {
    Records: objects.map((object) => s3Record(typeof object === 'string' ? { key: object } : object, bucket)),
  };
}

/**
 * The key of an object as S3 writes it into an event: form-encoded, slashes as they are.
 *
 * @param key - as it is
 */
export function encodedKey(key: string): string {
  return percentEncode(key, /[\w.*/ -]/).replaceAll(' ', '+');
}

/**
 * Builds the message that S3 sends when a notification is set up. It has no `Records`.
 *
 * @param bucket - whose notification it is
 */
export function s3TestEvent(bucket: S3Bucket = {}): S3TestNotification {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucket.bucket ?? 'test-bucket',
    RequestId: randomBytes(8).toString('hex').toUpperCase(),
    HostId: randomBytes(48).toString('base64'),
  };
}

function s3Record(object: S3EventObject, where: S3Bucket): S3EventRecord {
  const { bucket = 'test-bucket', region = 'eu-west-1' } = where;
  const { event, size, etag, versionId, sequencer, time, requestId } = toldOf(object);
  const told = {
    key: encodedKey(object.key),
    ...(size === undefined ? {} : { size }),
    ...(etag === undefined ? {} : { eTag: etag }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(sequencer === undefined ? {} : { sequencer }),
  };
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: time.toISOString(),
    eventName: event,
    userIdentity: { principalId: 'AWS:AROAEXAMPLEEXAMPLE123:uploader' },
    requestParameters: { sourceIPAddress: '192.0.2.1' },
    responseElements: {
      'x-amz-request-id': requestId,
      'x-amz-id-2': randomBytes(48).toString('base64'),
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'test-notification',
      bucket: { name: bucket, ownerIdentity: { principalId: 'A3EXAMPLE' }, arn: `arn:aws:s3:::${bucket}` },
      // The type says that all fields are always there: of removed objects, S3 sends neither size nor ETag.
      object: told as S3EventRecord['s3']['object'],
    },
  };
}
