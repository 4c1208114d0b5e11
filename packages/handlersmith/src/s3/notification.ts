/**
 * What an event says of one object, in one form whichever service carried it.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import type { S3EventRecord, S3NotificationEvent } from 'aws-lambda';

import { foreignEvent } from '../handler/function.ts';
import { refused } from '../records/refusal.ts';
import { decodeKey } from './key.ts';
import { eventNameOf, kindOf, type ObjectKind } from './names.ts';

/** What an event says of one object. */
export interface ObjectNotification {
  readonly bucket: string;
  /** Decoded once. */
  readonly key: string;
  /** Bytes; `undefined` where the event does not say, as for removed objects. */
  readonly size: number | undefined;
  /** Without quotes; `undefined` where the event does not say, as for removed objects. */
  readonly etag: string | undefined;
  /** `undefined` in buckets without versioning. */
  readonly versionId: string | undefined;
  /** Orders the events of one key, see {@link compareSequencers}; only created and removed objects have one. */
  readonly sequencer: string | undefined;
  readonly kind: ObjectKind;
  /** S3's own name, such as `ObjectCreated:Put`, also for events that came by EventBridge. */
  readonly eventName: string;
  readonly eventTime: Date;
}

/** The record that an object's event came in. */
export type ObjectRecord = Readonly<S3EventRecord> | Readonly<S3NotificationEvent>;

/** A record and what it says. */
export interface Notified {
  readonly notification: ObjectNotification;
  readonly record: ObjectRecord;
  /** Of the request to S3 that the event tells of. */
  readonly requestId: string | undefined;
}

type Loose = Readonly<Record<string, unknown>>;

const RECORD = 'a record { eventSource: "aws:s3", eventName, s3: { bucket: { name }, object: { key } } }';
const DETAIL = 'an EventBridge event { detail: { bucket: { name }, object: { key } } }';

/**
 * Reads a record of a notification.
 *
 * @throws PermanentFailure for a record that is none, or of a version that is not known
 */
export function readRecord(record: unknown): Notified {
  const { eventVersion, eventName, eventTime, s3, responseElements } = within(record);
  const { bucket, object } = within(s3);
  const { name } = within(bucket);
  const { key, size, eTag, versionId, sequencer } = within(object);
  if (typeof name !== 'string' || typeof key !== 'string' || typeof eventName !== 'string')
    throw refused(foreignEvent(RECORD, record).message);
  if (typeof eventVersion === 'string' && !eventVersion.startsWith('2.'))
    throw refused(`Expected an S3 record of version 2.x, got version ${eventVersion.slice(0, 10)}`);
  return {
    notification: {
      bucket: name,
      key: decodeKey(key),
      ...measures(size, eTag, versionId, sequencer),
      kind: kindOf(eventName),
      eventName,
      eventTime: new Date(textOf(eventTime) ?? Number.NaN),
    },
    record: record as S3EventRecord, // looked at, as far as anything hangs on it
    requestId: textOf(within(responseElements)['x-amz-request-id']),
  };
}

/**
 * Reads an event of EventBridge, whose names are others and whose keys are not encoded.
 *
 * @throws PermanentFailure for an event that names no object
 */
export function readEventBridge(event: unknown): Notified {
  const { 'detail-type': type, time, detail } = within(event);
  const { bucket, object, 'request-id': requestId, reason, 'deletion-type': deletion } = within(detail);
  const { name } = within(bucket);
  const { key, size, etag, 'version-id': versionId, sequencer } = within(object);
  if (typeof name !== 'string' || typeof key !== 'string' || typeof type !== 'string')
    throw refused(foreignEvent(DETAIL, event).message);
  const eventName = eventNameOf(type, textOf(reason), textOf(deletion));
  return {
    notification: {
      bucket: name,
      key,
      ...measures(size, etag, versionId, sequencer),
      kind: kindOf(eventName),
      eventName,
      eventTime: new Date(textOf(time) ?? Number.NaN),
    },
    record: event as S3NotificationEvent, // looked at, as far as anything hangs on it
    requestId: textOf(requestId),
  };
}

function measures(
  size: unknown,
  etag: unknown,
  versionId: unknown,
  sequencer: unknown,
): Pick<ObjectNotification, 'size' | 'etag' | 'versionId' | 'sequencer'> {
  return {
    size: typeof size === 'number' ? size : undefined,
    etag: textOf(etag),
    versionId: textOf(versionId),
    sequencer: textOf(sequencer),
  };
}

/** The fields of an object; none of anything else. */
function within(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {}; // fields are looked at one by one
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
