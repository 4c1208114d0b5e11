/**
 * What is kept of objects, uploads and buckets. Plain data: it goes into the journal as it is.
 *
 * @module
 */
import type { Segment } from './blobs.ts';
import type { Algorithm, Checksum, ChecksumType } from './checksum.ts';

export type Tag = readonly [key: string, value: string];

/** What a request says of an object beside its bytes. */
export interface Description {
  /** System headers that come back with the object: `content-type`, `cache-control` and so on. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
}

/** What every version has. */
export interface Version {
  readonly key: string;
  /** `null` where versioning was not enabled. */
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  /** Orders the changes of a key, as in event records. */
  readonly sequencer: string;
}

export interface StoredObject extends Version, Description {
  readonly kind: 'object';
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly segments: readonly Segment[];
  readonly checksum: Checksum;
  /** Of a multipart upload, in order. */
  readonly parts?: readonly CompletedPart[];
}

export interface DeleteMarker extends Version {
  readonly kind: 'marker';
}

export type ObjectVersion = StoredObject | DeleteMarker;

export interface CompletedPart {
  readonly number: number;
  readonly size: number;
  /** Base64, in the algorithm of the object. */
  readonly checksum: string;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: number;
  readonly segments: readonly Segment[];
  /** In the algorithm of the upload. */
  readonly checksum: string;
}

export interface Upload extends Description {
  readonly id: string;
  readonly key: string;
  readonly startedAt: number;
  readonly algorithm: Algorithm;
  readonly type: ChecksumType;
  /** Whether the algorithm was asked for; else it is what S3 takes by itself, and parts may send any. */
  readonly declared: boolean;
}

/** Everything that can happen to what is kept. */
export type Change =
  | { readonly type: 'bucket'; readonly bucket: string; readonly at: number }
  | { readonly type: 'bucket-gone'; readonly bucket: string }
  | {
      readonly type: 'configuration';
      readonly bucket: string;
      readonly name: string;
      readonly document: string | null;
    }
  | { readonly type: 'version'; readonly bucket: string; readonly version: ObjectVersion }
  | {
      readonly type: 'version-gone';
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
    }
  | {
      readonly type: 'tags';
      readonly bucket: string;
      readonly key: string;
      readonly versionId: string;
      readonly tags: readonly Tag[];
    }
  | { readonly type: 'upload'; readonly bucket: string; readonly upload: Upload }
  | { readonly type: 'part'; readonly bucket: string; readonly upload: string; readonly part: Part }
  | { readonly type: 'upload-gone'; readonly bucket: string; readonly upload: string };
