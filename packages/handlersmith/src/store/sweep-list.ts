/**
 * S1: what there is in the bucket. Versions are listed, whether the bucket keeps them or not: one way for both, and
 * what a delete marker hides is found too.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
import type { ListObjectVersionsCommandOutput } from '@aws-sdk/client-s3';

import type { Attempt } from './attempt.ts';

/** Version of an object in a bucket that keeps none. */
const UNVERSIONED = 'null';

/** An object with all its versions. */
export interface ListedBlob {
  readonly key: string;
  /** What to name when they are deleted: `undefined` for an object without versions. */
  readonly versions: readonly (string | undefined)[];
}

/** The days that blobs were staged on, in order. */
export async function listDays(attempt: Attempt): Promise<string[]> {
  const { prefix } = attempt.settings;
  const days: string[] = [];
  for await (const page of pages(attempt, prefix, '', '/')) {
    for (const { Prefix: folder = '' } of page.CommonPrefixes ?? []) {
      const [, day] = /^(\d{4}-\d{2}-\d{2})\/$/.exec(folder.slice(prefix.length)) ?? [];
      if (day !== undefined) days.push(day);
    }
  }
  return days;
}

/**
 * The blobs of a day, in order.
 *
 * @param after - begins behind this key; `''` for all
 */
export async function* listBlobs(attempt: Attempt, day: string, after: string): AsyncGenerator<ListedBlob> {
  let last: ListedBlob | undefined;
  for await (const page of pages(attempt, `${attempt.settings.prefix}${day}/`, after)) {
    const blobs = blobsOf(page, last);
    // What stands last may have more versions on the next page.
    last = page.IsTruncated === true ? blobs.pop() : undefined;
    yield* blobs;
  }
}

async function* pages(
  attempt: Attempt,
  prefix: string,
  after: string,
  delimiter?: string,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  const { client, sdk } = await attempt.settings.s3();
  let from: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } =
    after === '' ? {} : { KeyMarker: after };
  for (let more = true; more;) {
    const input = {
      Bucket: attempt.settings.bucket,
      Prefix: prefix,
      ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
      ...from,
    };
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await attempt.send('S1', (options) =>
      client.send(new sdk.ListObjectVersionsCommand(input), options),
    );
    yield page;
    more = page.IsTruncated === true && page.NextKeyMarker !== undefined;
    from = {
      KeyMarker: page.NextKeyMarker ?? '',
      ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
    };
  }
}

/** Objects with their versions; a page has the markers apart from the rest. */
function blobsOf(
  { Versions: versions = [], DeleteMarkers: markers = [] }: ListObjectVersionsCommandOutput,
  first: ListedBlob | undefined,
): ListedBlob[] {
  const blobs = new Map<string, (string | undefined)[]>();
  if (first !== undefined) blobs.set(first.key, [...first.versions]);
  for (const { Key: key, VersionId: id } of [...versions, ...markers]) {
    if (key !== undefined) blobs.set(key, [...(blobs.get(key) ?? []), id]);
  }
  return [...blobs]
    .map(([key, ids]) => ({ key, versions: ids }))
    .toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
}

/** The only object of its key, in a bucket that keeps no versions, is deleted by its key. */
export function namedVersions({ versions }: ListedBlob): readonly (string | undefined)[] {
  const [only, ...others] = versions;
  return others.length === 0 && only === UNVERSIONED ? [undefined] : versions;
}
