/**
 * Listing all versions of the objects in a bucket.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
import { document } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { invalidArgument } from '../errors.ts';
import { compareKeys } from '../keys.ts';
import type { ObjectVersion } from '../object.ts';
import { encodingOf, limitOf } from '../page.ts';
import type { S3Request } from '../request.ts';
import { OWNER } from '../service.ts';
import type { Operation, Service } from '../service.ts';
import type { Bucket } from '../state.ts';
import type { Tree } from '../xml-write.ts';

export const listObjectVersions: Operation = {
  name: 'ListObjectVersions',
  method: 'GET',
  on: 'bucket',
  needs: ['versions'],
  query: ['delimiter', 'encoding-type', 'key-marker', 'max-keys', 'prefix', 'version-id-marker'],
  action: 's3:ListBucketVersions',
  run: versionsOf,
};

/** A version, or the common prefix that stands for many. */
type Entry =
  | { readonly name: string; readonly version: ObjectVersion; readonly latest: boolean }
  | { readonly name: string; readonly version: undefined };

interface Asked {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  readonly idMarker: string;
}

function versionsOf({ bucket: name, query }: S3Request, { store }: Service): Answer {
  const bucket = store.bucket(name);
  const encode = encodingOf(query);
  const limit = limitOf(query, 'max-keys');
  const asked: Asked = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    keyMarker: query.get('key-marker') ?? '',
    idMarker: query.get('version-id-marker') ?? '',
  };
  if (asked.idMarker !== '' && asked.keyMarker === '')
    throw invalidArgument(
      'version-id-marker',
      asked.idMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  const shown: Entry[] = [];
  let truncated = false;
  for (const entry of entries(bucket, asked)) {
    truncated = shown.length === limit;
    if (truncated) break;
    shown.push(entry);
  }
  const last = shown.at(-1);
  return document('ListVersionsResult', {
    Name: name,
    Prefix: encode(asked.prefix),
    KeyMarker: encode(asked.keyMarker),
    VersionIdMarker: asked.idMarker,
    ...(truncated &&
      last !== undefined && {
        NextKeyMarker: encode(last.name),
        NextVersionIdMarker: last.version?.versionId ?? '',
      }),
    MaxKeys: limit,
    ...(asked.delimiter !== '' && { Delimiter: encode(asked.delimiter) }),
    ...(query.has('encoding-type') && { EncodingType: 'url' }),
    IsTruncated: truncated && limit > 0,
    Version: treesOf(shown, 'object', encode),
    DeleteMarker: treesOf(shown, 'marker', encode),
    CommonPrefixes: shown.flatMap((entry) =>
      entry.version === undefined ? [{ Prefix: encode(entry.name) }] : [],
    ),
  });
}

function* entries(bucket: Bucket, { prefix, delimiter, keyMarker, idMarker }: Asked): Generator<Entry> {
  let rolledUp: string | undefined;
  for (const key of bucket.objects.from(compareKeys(keyMarker, prefix) > 0 ? keyMarker : prefix)) {
    if (!key.startsWith(prefix)) return;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end === -1 ? key : key.slice(0, end + delimiter.length);
    if (end !== -1) {
      if (name !== rolledUp && (keyMarker === '' || compareKeys(name, keyMarker) > 0))
        yield { name, version: undefined };
      rolledUp = name;
      continue;
    }
    const versions = bucket.objects.get(key) ?? [];
    const seen = key === keyMarker ? seenVersions(versions, idMarker) : 0;
    for (const [index, version] of versions.entries())
      if (index >= seen) yield { name, version, latest: index === 0 };
  }
}

/** How many versions of the marker's key were on the pages before. */
function seenVersions(versions: readonly ObjectVersion[], idMarker: string): number {
  if (idMarker === '') return versions.length;
  const index = versions.findIndex(({ versionId }) => versionId === idMarker);
  return index + 1;
}

function treesOf(
  shown: readonly Entry[],
  kind: ObjectVersion['kind'],
  encode: (text: string) => string,
): readonly Tree[] {
  return shown.flatMap((entry) => {
    if (entry.version === undefined || entry.version.kind !== kind) return [];
    const { version, latest } = entry;
    return [
      {
        ...(version.kind === 'object' && {
          ETag: `"${version.etag}"`,
          ChecksumAlgorithm: version.checksum.algorithm,
          ChecksumType: version.checksum.type,
          Size: version.size,
          StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
        }),
        Key: encode(version.key),
        VersionId: version.versionId,
        IsLatest: latest,
        LastModified: new Date(version.lastModified).toISOString(),
        Owner: { ID: OWNER },
      },
    ];
  });
}
