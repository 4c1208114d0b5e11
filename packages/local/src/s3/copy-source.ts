/**
 * What a copy is made of: the object it names, and what of it goes along.
 *
 * @module
 */
import { checkRead } from './conditions.ts';
import { descriptionOf } from './description.ts';
import { accessDenied, invalidArgument, invalidRequest, preconditionFailed } from './errors.ts';
import type { Description, StoredObject } from './object.ts';
import { checkPolicy } from './policy.ts';
import type { S3Request } from './request.ts';
import { OWNER } from './service.ts';
import type { Service } from './service.ts';
import type { Bucket } from './state.ts';
import { objectOf } from './versioning.ts';

export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
}

/** @throws S3Error where it is not there, or its conditions do not hold */
export function copySourceOf(request: S3Request, { store }: Service): CopySource {
  const { headers } = request;
  const text = headers.get('x-amz-copy-source') ?? '';
  const [path = '', query = ''] = text.split('?', 2);
  const [name = '', ...rest] = decoded(path.replace(/^\//u, ''), text).split('/');
  const key = rest.join('/');
  if (name === '' || key === '' || (query !== '' && !/^versionId=[^&]+$/u.test(query)))
    throw invalidArgument(
      'x-amz-copy-source',
      text,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  const owner = headers.get('x-amz-source-expected-bucket-owner');
  if (owner !== undefined && owner !== OWNER) throw accessDenied();
  const bucket = store.bucket(name);
  checkPolicy(bucket, { ...request, bucket: name, key }, 's3:GetObject');
  const object = objectOf(bucket, key, query === '' ? undefined : decoded(query.slice(10), text));
  // A copy has no "you have it already": what must not match, matches.
  const unchanged = checkRead(headers, object, 'x-amz-copy-source-');
  if (unchanged !== undefined) throw preconditionFailed(`x-amz-copy-source-${unchanged}`);
  return { bucket, object };
}

/**
 * What the copy says of itself: as the source, or as the request.
 *
 * @throws S3Error where nothing would change
 */
export function describedCopy(request: S3Request, { bucket, object }: CopySource): Description {
  const { headers } = request;
  const own = descriptionOf(headers);
  const replaces = directiveOf(headers, 'x-amz-metadata-directive') === 'REPLACE';
  const retags = directiveOf(headers, 'x-amz-tagging-directive') === 'REPLACE';
  const ontoItself = bucket.name === request.bucket && object.key === request.key;
  const isNewest = bucket.objects.get(object.key)?.[0] === object;
  const changesNothing =
    !replaces && !headers.has('x-amz-storage-class') && !headers.has('x-amz-server-side-encryption');
  if (ontoItself && isNewest && changesNothing)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const { 'x-amz-storage-class': _others, ...kept } = object.headers;
  const { 'x-amz-storage-class': storageClass } = own.headers;
  return {
    headers: {
      ...(replaces ? own.headers : kept),
      // The class does not go along.
      ...(storageClass !== undefined && { 'x-amz-storage-class': storageClass }),
    },
    metadata: replaces ? own.metadata : object.metadata,
    tags: retags ? own.tags : object.tags,
  };
}

function directiveOf(headers: ReadonlyMap<string, string>, name: string): 'COPY' | 'REPLACE' {
  const value = headers.get(name) ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw invalidArgument(name, value, 'Unknown directive.');
}

function decoded(text: string, whole: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('x-amz-copy-source', whole, 'Invalid copy source encoding.');
  }
}
