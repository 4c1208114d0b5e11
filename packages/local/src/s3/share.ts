/**
 * Bytes of an object for another one: the same blobs, and what is known of them.
 *
 * @module
 */
import type { Segment } from './blobs.ts';
import { digest } from './checksum.ts';
import type { Algorithm, Checksum } from './checksum.ts';
import type { StoredObject } from './object.ts';
import type { Range } from './range.ts';
import type { Store } from './store.ts';

export interface Share {
  /** Held for the caller until `release`. */
  readonly segments: readonly Segment[];
  readonly etag: string;
  readonly checksum: Checksum;
  readonly release: () => void;
}

/**
 * Takes a share of an object's bytes. They are read only where what is known of the object does not hold for them: a
 * range, parts, another algorithm.
 */
export async function shareOf(
  { blobs }: Store,
  { segments, size, etag, checksum, parts }: StoredObject,
  range: Range,
  algorithm: Algorithm,
): Promise<Share> {
  const shared = cut(segments, range);
  blobs.hold(shared);
  const release = (): void => blobs.release(shared);
  if (range.length === size && parts === undefined && checksum.algorithm === algorithm)
    return { segments: shared, etag, checksum, release };
  try {
    const md5 = digest('MD5');
    const sum = digest(algorithm);
    for await (const bytes of blobs.read(segments, range.start, range.length)) {
      md5.update(bytes);
      sum.update(bytes);
    }
    return {
      segments: shared,
      etag: md5.finish().toString('hex'),
      checksum: { algorithm, value: sum.finish().toString('base64'), type: 'FULL_OBJECT' },
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

function cut(segments: readonly Segment[], { start, length }: Range): readonly Segment[] {
  const end = start + length;
  const kept: Segment[] = [];
  let position = 0;
  for (const segment of segments) {
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, segment.length);
    if (to > from) kept.push({ blob: segment.blob, start: segment.start + from, length: to - from });
    position += segment.length;
  }
  return kept;
}
