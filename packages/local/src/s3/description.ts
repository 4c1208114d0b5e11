/**
 * What a request says of an object beside its bytes: system headers, metadata, tags.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
import { invalidArgument, notImplemented, S3Error } from './errors.ts';
import { contentEncoding } from './expected.ts';
import type { Description, StoredObject, Tag } from './object.ts';
import { checkedTags } from './tags.ts';

/** Headers that come back as they were given. */
const KEPT = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'] as const;

/** Bytes that names and values of metadata may have together. */
const METADATA_LIMIT = 2048;

const METADATA = 'x-amz-meta-';

/** Classes whose objects can be read at once, so that they behave alike. */
const STORAGE_CLASSES = new Set([
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
]);

/** Request headers that describe an object. */
export const DESCRIBING_HEADERS: readonly string[] = [
  'x-amz-acl',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-tagging',
];

/** @throws S3Error where it asks for what this server does not have */
export function descriptionOf(headers: ReadonlyMap<string, string>): Description {
  const encoding = contentEncoding(headers);
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value !== undefined && value !== '') kept[name] = value;
  }
  if (encoding !== undefined) kept['content-encoding'] = encoding;
  const storageClass = storageClassOf(headers);
  if (storageClass !== 'STANDARD') kept['x-amz-storage-class'] = storageClass;
  refuseOthers(headers);
  return {
    headers: kept,
    metadata: metadataOf(headers),
    tags: taggingOf(headers.get('x-amz-tagging') ?? ''),
  };
}

/** The response headers that tell of an object. */
export function describingHeaders({ headers, metadata }: StoredObject): Record<string, string> {
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [METADATA + name, value])),
  };
}

function metadataOf(headers: ReadonlyMap<string, string>): Record<string, string> {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [header, value] of headers) {
    if (!header.startsWith(METADATA)) continue;
    const name = header.slice(METADATA.length);
    metadata[name] = value;
    size += name.length + Buffer.byteLength(value, 'latin1');
  }
  if (size > METADATA_LIMIT) {
    throw new S3Error(
      400,
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      {
        Size: String(size),
        MaxSizeAllowed: String(METADATA_LIMIT),
      },
    );
  }
  return metadata;
}

function storageClassOf(headers: ReadonlyMap<string, string>): string {
  const value = headers.get('x-amz-storage-class') ?? 'STANDARD';
  if (STORAGE_CLASSES.has(value)) return value;
  if (/^(?:GLACIER|DEEP_ARCHIVE|REDUCED_REDUNDANCY|OUTPOSTS|SNOW|EXPRESS_ONEZONE)$/u.test(value))
    throw notImplemented(`header x-amz-storage-class: ${value}`);
  throw new S3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
    StorageClassRequested: value,
  });
}

/** The one way of access and of encryption that every bucket has today; any other is named. */
function refuseOthers(headers: ReadonlyMap<string, string>): void {
  const acl = headers.get('x-amz-acl');
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control')
    throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  const encryption = headers.get('x-amz-server-side-encryption');
  if (encryption !== undefined && encryption !== 'AES256')
    throw notImplemented(`header x-amz-server-side-encryption: ${encryption}`);
}

/** Reads `a=1&b=2`, form-encoded. */
function taggingOf(text: string): readonly Tag[] {
  const pairs = [...new URLSearchParams(text)].map(([key, value]): Tag => [key, value]);
  try {
    decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument(
      'x-amz-tagging',
      text,
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    );
  }
  return checkedTags(pairs);
}
