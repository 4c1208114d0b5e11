/**
 * What is kept, and the one way to change it: look, decide, write it down, and only then show it.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { openLedger } from '../service/ledger.ts';
import type { Ledger } from '../service/ledger.ts';
import { attemptsByKey } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { openBlobs } from './blobs.ts';
import type { Blobs } from './blobs.ts';
import { noSuchBucket } from './errors.ts';
import type { Change, ObjectVersion } from './object.ts';
import { sequencers } from './sequencer.ts';
import { emptyState } from './state.ts';
import type { Bucket } from './state.ts';

/** What is to become of a key, and what the caller wants to know of it. */
export interface Decision<Result> {
  readonly changes: readonly Change[];
  readonly result: Result;
}

export interface Store {
  readonly blobs: Blobs;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** @throws S3Error `NoSuchBucket` */
  bucket(name: string): Bucket;
  /** A text that is greater than all that were given before. */
  nextSequencer(): string;
  /** Changes that are safe when this returns: all of them, or none where it throws. */
  change(changes: readonly Change[]): void;
  /** Changes a key or its uploads. Nothing happens between what `decide` sees and what it changes. */
  changeKey<Result>(
    bucket: string,
    key: string,
    decide: (bucket: Bucket, versions: readonly ObjectVersion[]) => Decision<Result>,
  ): Result;
  /** Begins a conditional write. */
  attempt(bucket: string, key: string): Attempt;
  close(): Promise<void>;
}

/**
 * @param folder - keeps everything; undefined for memory
 * @param now - the time that objects get
 * @throws Error where the folder cannot be used
 */
export async function openStore(folder: string | undefined, now: () => number): Promise<Store> {
  const bytes = folder === undefined ? undefined : join(folder, 's3-objects');
  if (bytes !== undefined) mkdirSync(bytes, { recursive: true });
  const blobs = openBlobs(bytes);
  const state = emptyState(blobs);
  const ledger: Ledger<Change> = openLedger({
    folder,
    name: 's3',
    replay: (change) => state.apply(change),
    snapshot: () => state.changes(),
  });
  await blobs.sweep();
  const attempts = attemptsByKey();

  const bucketOf = (name: string): Bucket => {
    const bucket = state.buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  };
  const change = (changes: readonly Change[]): void => {
    ledger.append(changes);
    for (const one of changes) state.apply(one);
  };
  return {
    blobs,
    now,
    buckets: state.buckets,
    bucket: bucketOf,
    nextSequencer: sequencers(now),
    change,
    changeKey(name, key, decide) {
      const bucket = bucketOf(name);
      const { changes, result } = decide(bucket, bucket.objects.get(key) ?? []);
      change(changes);
      if (changes.some(isDeletion)) attempts.disturb(name, key);
      return result;
    },
    attempt: attempts.begin,
    async close() {
      ledger.close();
      await blobs.close();
    },
  };
}

/** Whether a change takes a key away, for good or under a marker. */
function isDeletion(change: Change): boolean {
  return change.type === 'version-gone' || (change.type === 'version' && change.version.kind === 'marker');
}
