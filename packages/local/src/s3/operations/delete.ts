/**
 * Deleting objects: for good, or under a delete marker.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
 */
import { document, done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { checkDelete } from '../conditions.ts';
import { internalError, invalidRequest, malformedXml, notImplemented, S3Error } from '../errors.ts';
import { BODY_HEADERS } from '../headers.ts';
import type { Change, ObjectVersion } from '../object.ts';
import { checkPolicy } from '../policy.ts';
import { receiveDocument } from '../receive.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import type { Bucket } from '../state.ts';
import type { Decision } from '../store.ts';
import { nextVersion, versioningOf } from '../versioning.ts';
import { childrenOf, onlyChildren, textOf } from '../xml-read.ts';
import type { Element } from '../xml-read.ts';
import type { Tree } from '../xml-write.ts';

/** Keys that one DeleteObjects may name. */
const MOST_KEYS = 1000;

export const deleteObject: Operation = {
  name: 'DeleteObject',
  action: 's3:DeleteObject',
  method: 'DELETE',
  on: 'object',
  query: ['versionId'],
  run(request, service) {
    const { headers, query, key } = request;
    for (const name of ['if-none-match', 'if-modified-since', 'if-unmodified-since'])
      if (headers.has(name)) throw notImplemented(`header ${name}`);
    const deleted = remove(request, service, {
      key,
      versionId: query.get('versionId'),
      etag: headers.get('if-match'),
    });
    return done(204, {
      ...(deleted.versionId !== undefined && { 'x-amz-version-id': deleted.versionId }),
      ...(deleted.marker && { 'x-amz-delete-marker': 'true' }),
    });
  },
};

export const deleteObjects: Operation = {
  name: 'DeleteObjects',
  method: 'POST',
  on: 'bucket',
  needs: ['delete'],
  headers: BODY_HEADERS,
  run: removeMany,
};

interface Target {
  readonly key: string;
  readonly versionId: string | undefined;
  /** Entity tag or `*`. */
  readonly etag: string | undefined;
}

interface Deleted {
  /** Whether a marker was made, or was what was deleted. */
  readonly marker: boolean;
  /** Of the version that was deleted, or the marker that was made; undefined without versioning. */
  readonly versionId: string | undefined;
}

function remove(request: S3Request, service: Service, target: Target): Deleted {
  const { store } = service;
  const { key } = target;
  const { change, result } = store.changeKey(request.bucket, key, (bucket, versions) => {
    checkDelete(target.etag, key, versions[0]);
    const decided = decide(bucket, versions, target, service);
    const [first] = decided.changes;
    return { changes: decided.changes, result: { change: first, result: decided.result } };
  });
  if (change?.type === 'version') {
    const { versionId, sequencer } = change.version;
    const at = { bucket: request.bucket, key, versionId, sequencer };
    service.notify({ name: 'ObjectRemoved:DeleteMarkerCreated', ...at }, request);
  } else if (change?.type === 'version-gone') {
    const at = { bucket: request.bucket, key, versionId: change.versionId };
    service.notify({ name: 'ObjectRemoved:Delete', ...at, sequencer: store.nextSequencer() }, request);
  }
  return result;
}

function decide(
  bucket: Bucket,
  versions: readonly ObjectVersion[],
  { key, versionId }: Target,
  { store }: Service,
): Decision<Deleted> {
  if (versionId !== undefined || versioningOf(bucket) === undefined) {
    const wanted = versionId ?? 'null';
    const version = versions.find((one) => one.versionId === wanted);
    const change: Change = { type: 'version-gone', bucket: bucket.name, key, versionId: wanted };
    // What is not there is deleted all the same: a delete may be said twice.
    return {
      changes: version === undefined ? [] : [change],
      result: { marker: version?.kind === 'marker', versionId },
    };
  }
  const marker: ObjectVersion = { kind: 'marker', ...nextVersion(store, bucket, key) };
  return {
    changes: [{ type: 'version', bucket: bucket.name, version: marker }],
    result: { marker: true, versionId: marker.versionId },
  };
}

async function removeMany(request: S3Request, service: Service): Promise<Answer> {
  service.store.bucket(request.bucket);
  if (!['content-md5', 'x-amz-trailer'].some((name) => request.headers.has(name)) && !hasChecksum(request))
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  const root = await receiveDocument(request);
  onlyChildren(root, ['Object', 'Quiet']);
  const targets = childrenOf(root, 'Object').map(targetOf);
  if (root.name !== 'Delete' || targets.length === 0 || targets.length > MOST_KEYS) throw malformedXml();
  const quiet = textOf(root, 'Quiet') === 'true';

  const results = targets.map((target) => outcomeOf(request, service, target));
  return document('DeleteResult', {
    Deleted: quiet ? [] : results.flatMap(({ Deleted }) => (Deleted === undefined ? [] : [Deleted])),
    Error: results.flatMap((result) => (result.Error === undefined ? [] : [result.Error])),
  });
}

/** One key's line in the answer: what cannot be deleted does not keep the others. */
function outcomeOf(request: S3Request, service: Service, target: Target): { Deleted?: Tree; Error?: Tree } {
  const { key, versionId } = target;
  const named = { Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
  try {
    // The policy speaks of each key.
    const one = {
      ...request,
      key,
      headers: new Map(target.etag === undefined ? [] : [['if-match', target.etag]]),
    };
    checkPolicy(
      service.store.bucket(request.bucket),
      one,
      versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
    );
    const deleted = remove(request, service, target);
    const id = deleted.versionId === undefined ? {} : { DeleteMarkerVersionId: deleted.versionId };
    return { Deleted: { ...named, ...(deleted.marker && { DeleteMarker: true, ...id }) } };
  } catch (thrown) {
    const error = thrown instanceof S3Error ? thrown : internalError(thrown);
    return { Error: { ...named, Code: error.code, Message: error.message } };
  }
}

function hasChecksum({ headers }: S3Request): boolean {
  return [...headers.keys()].some((name) => name.startsWith('x-amz-checksum-'));
}

function targetOf(element: Element): Target {
  for (const { name } of element.children)
    if (name === 'LastModifiedTime' || name === 'Size') throw notImplemented(`element ${name}`);
  onlyChildren(element, ['Key', 'VersionId', 'ETag']);
  const key = textOf(element, 'Key');
  if (key === undefined || key === '') throw malformedXml();
  return { key, versionId: textOf(element, 'VersionId'), etag: textOf(element, 'ETag') };
}
