/**
 * All buckets as they are now: changes applied one after the other.
 *
 * @module
 */
import type { Blobs } from './blobs.ts';
import { orderedMap } from './keys.ts';
import type { OrderedMap } from './keys.ts';
import type { Change, ObjectVersion, Part, Upload } from './object.ts';

export interface Bucket {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The newest version first. A key without versions is not there. */
  readonly objects: OrderedMap<readonly ObjectVersion[]>;
  readonly uploads: Map<string, OpenUpload>;
  /** XML documents by sub-resource: `versioning`, `cors` and so on. */
  readonly configurations: Map<string, Configuration>;
}

/** A document that was put. A new one is a new object, so what is read of it can be kept beside it. */
export interface Configuration {
  readonly document: string;
}

export interface OpenUpload extends Upload {
  readonly parts: Map<number, Part>;
}

export interface State {
  readonly buckets: ReadonlyMap<string, Bucket>;
  apply(change: Change): void;
  /** The changes that lead from nothing to here. */
  changes(): Generator<Change>;
}

/** @param blobs - told which bytes are held and which no longer */
export function emptyState(blobs: Pick<Blobs, 'hold' | 'release'>): State {
  const buckets = new Map<string, Bucket>();
  return {
    buckets,
    apply(change) {
      if (change.type === 'bucket') buckets.set(change.bucket, emptyBucket(change.bucket, change.at));
      else if (change.type === 'bucket-gone') buckets.delete(change.bucket);
      else {
        const bucket = buckets.get(change.bucket);
        if (bucket === undefined) throw new Error(`a change of bucket ${change.bucket}, which is not there`);
        applyTo(bucket, change, blobs);
      }
    },
    *changes() {
      for (const bucket of buckets.values()) yield* changesOf(bucket);
    },
  };
}

function emptyBucket(name: string, createdAt: number): Bucket {
  return { name, createdAt, objects: orderedMap(), uploads: new Map(), configurations: new Map() };
}

function applyTo(
  bucket: Bucket,
  change: Exclude<Change, { type: 'bucket' | 'bucket-gone' }>,
  blobs: Pick<Blobs, 'hold' | 'release'>,
): void {
  switch (change.type) {
    case 'configuration':
      if (change.document === null) bucket.configurations.delete(change.name);
      else bucket.configurations.set(change.name, { document: change.document });
      return;
    case 'version': {
      const { version } = change;
      if (version.kind === 'object') blobs.hold(version.segments);
      const others = without(bucket, version.key, version.versionId, blobs);
      bucket.objects.set(version.key, [version, ...others]);
      return;
    }
    case 'version-gone': {
      const left = without(bucket, change.key, change.versionId, blobs);
      if (left.length === 0) bucket.objects.delete(change.key);
      else bucket.objects.set(change.key, left);
      return;
    }
    case 'tags':
      bucket.objects.set(change.key, retagged(bucket.objects.get(change.key) ?? [], change));
      return;
    case 'upload':
      bucket.uploads.set(change.upload.id, { ...change.upload, parts: new Map() });
      return;
    case 'part': {
      const parts = bucket.uploads.get(change.upload)?.parts;
      blobs.hold(change.part.segments);
      blobs.release(parts?.get(change.part.number)?.segments ?? []);
      parts?.set(change.part.number, change.part);
      return;
    }
    case 'upload-gone':
      for (const part of bucket.uploads.get(change.upload)?.parts.values() ?? [])
        blobs.release(part.segments);
      bucket.uploads.delete(change.upload);
      return;
    default:
      throw new Error(`a change of an unknown kind: ${JSON.stringify(change satisfies never)}`);
  }
}

function retagged(
  versions: readonly ObjectVersion[],
  { versionId, tags }: Change & { type: 'tags' },
): readonly ObjectVersion[] {
  const index = versions.findIndex((version) => version.versionId === versionId);
  const version = versions[index];
  return version?.kind === 'object' ? versions.with(index, { ...version, tags }) : versions;
}

/** The versions of a key but one, whose bytes are given up. */
function without(
  bucket: Bucket,
  key: string,
  versionId: string,
  blobs: Pick<Blobs, 'release'>,
): readonly ObjectVersion[] {
  return (bucket.objects.get(key) ?? []).filter((version) => {
    const gone = version.versionId === versionId;
    if (gone && version.kind === 'object') blobs.release(version.segments);
    return !gone;
  });
}

function* changesOf(bucket: Bucket): Generator<Change> {
  const { name } = bucket;
  yield { type: 'bucket', bucket: name, at: bucket.createdAt };
  for (const [configuration, { document }] of bucket.configurations)
    yield { type: 'configuration', bucket: name, name: configuration, document };
  for (const key of bucket.objects.from(''))
    for (const version of bucket.objects.get(key)?.toReversed() ?? [])
      yield { type: 'version', bucket: name, version };
  for (const { parts, ...upload } of bucket.uploads.values()) {
    yield { type: 'upload', bucket: name, upload };
    for (const part of parts.values()) yield { type: 'part', bucket: name, upload: upload.id, part };
  }
}
