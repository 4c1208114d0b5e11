/**
 * Versions: what a write is called, and what an answer says of it.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 */
import { configured } from './configuration.ts';
import { noSuchKey, noSuchVersion, S3Error } from './errors.ts';
import { newId } from './ids.ts';
import type { ObjectVersion, StoredObject, Version } from './object.ts';
import type { Bucket } from './state.ts';
import type { Store } from './store.ts';
import { readXml, textOf } from './xml-read.ts';

export type VersioningStatus = 'Enabled' | 'Suspended' | undefined;

/** Undefined where versioning was never set. */
export const versioningOf: (bucket: Bucket) => VersioningStatus = configured('versioning', (document) => {
  const status = textOf(readXml(document), 'Status');
  return status === 'Enabled' || status === 'Suspended' ? status : undefined;
});

/** What the next version of a key is called, and when and where in the order it came. */
export function nextVersion(store: Store, bucket: Bucket, key: string): Version {
  return {
    key,
    versionId: versioningOf(bucket) === 'Enabled' ? newId() : 'null',
    lastModified: store.now(),
    sequencer: store.nextSequencer(),
  };
}

/** Nothing where versioning was never set. */
export function versionHeaders(bucket: Bucket, { versionId }: ObjectVersion): Record<string, string> {
  return versioningOf(bucket) === undefined ? {} : { 'x-amz-version-id': versionId };
}

/**
 * The object that a request means.
 *
 * @param versionId - undefined for the newest
 * @throws S3Error `NoSuchKey` or `NoSuchVersion`; `MethodNotAllowed` for a delete marker by its id
 */
export function objectOf(bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  const versions = bucket.objects.get(key) ?? [];
  const version = versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId);
  if (version?.kind === 'object') return version;
  if (version === undefined && versionId !== undefined) {
    if (versionId !== 'null' && !/^[\w.]{32}$/u.test(versionId))
      throw new S3Error(400, 'InvalidArgument', 'Invalid version id specified', {
        ArgumentName: 'versionId',
        ArgumentValue: versionId,
      });
    throw noSuchVersion(key, versionId);
  }
  if (version === undefined) throw noSuchKey(key);
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined)
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }, marker);
  throw new S3Error(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { Method: 'GET', ResourceType: 'DeleteMarker' },
    { ...marker, allow: 'DELETE', 'last-modified': new Date(version.lastModified).toUTCString() },
  );
}
