import { expect, test } from 'vitest';

import type { S3EventName, S3Notification } from '../s3/notification.ts';
import { bridgeEvent } from './notified.ts';

const notification = (name: S3EventName): S3Notification => ({
  name,
  bucket: 'files',
  key: 'a b.txt',
  targets: [],
  trace: undefined,
  record: {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: '2026-03-01T00:00:00.123Z',
    eventName: name,
    userIdentity: { principalId: 'me' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': 'r', 'x-amz-id-2': 'h' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: '',
      bucket: { name: 'files', ownerIdentity: { principalId: 'me' }, arn: 'arn:aws:s3:::files' },
      object: { key: 'a+b.txt', sequencer: '1' },
    },
  },
});
const sent = (name: S3EventName): ReturnType<typeof bridgeEvent> =>
  bridgeEvent(notification(name), { region: 'us-east-1', accountId: '000000000000' });

test.each([
  ['ObjectCreated:Put', 'Object Created', { reason: 'PutObject' }],
  ['ObjectCreated:CompleteMultipartUpload', 'Object Created', { reason: 'CompleteMultipartUpload' }],
  [
    'ObjectRemoved:Delete',
    'Object Deleted',
    { reason: 'DeleteObject', 'deletion-type': 'Permanently Deleted' },
  ],
  [
    'ObjectRemoved:DeleteMarkerCreated',
    'Object Deleted',
    { reason: 'DeleteObject', 'deletion-type': 'Delete Marker Created' },
  ],
] as const)('EventBridge hears of %s as %s', (name, type, words) => {
  const event = sent(name);
  expect(event).toMatchObject({ 'detail-type': type, source: 'aws.s3', time: '2026-03-01T00:00:00Z' });
  expect(event.detail).toMatchObject({ ...words, object: { key: 'a b.txt', sequencer: '1' } });
});

test('EventBridge hears of tags as of tags, not as of an object that is gone', () => {
  expect(sent('ObjectTagging:Put')['detail-type']).toBe('Object Tags Added');
  expect(sent('ObjectTagging:Delete')['detail-type']).toBe('Object Tags Deleted');
});
