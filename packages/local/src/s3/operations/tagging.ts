/**
 * Tags of an object that is there. Its bytes, its entity tag and its date stay as they are.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
import { document, done } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { malformedXml } from '../errors.ts';
import { BODY_HEADERS } from '../headers.ts';
import type { StoredObject, Tag } from '../object.ts';
import { receiveDocument } from '../receive.ts';
import type { S3Request } from '../request.ts';
import type { Operation, Service } from '../service.ts';
import { checkedTags } from '../tags.ts';
import { objectOf, versionHeaders } from '../versioning.ts';
import { childOf, childrenOf, onlyChildren, textOf } from '../xml-read.ts';
import type { Element } from '../xml-read.ts';

const asked = { on: 'object', needs: ['tagging'], query: ['versionId'] } as const;

export const getObjectTagging: Operation = {
  name: 'GetObjectTagging',
  action: 's3:GetObjectTagging',
  method: 'GET',
  ...asked,
  run({ bucket: name, key, query }, { store }) {
    const bucket = store.bucket(name);
    const object = objectOf(bucket, key, query.get('versionId'));
    return document(
      'Tagging',
      { TagSet: { Tag: object.tags.map(([Key, Value]) => ({ Key, Value })) } },
      versionHeaders(bucket, object),
    );
  },
};

export const putObjectTagging: Operation = {
  name: 'PutObjectTagging',
  action: 's3:PutObjectTagging',
  method: 'PUT',
  ...asked,
  headers: BODY_HEADERS,
  async run(request, service) {
    const { store } = service;
    objectOf(store.bucket(request.bucket), request.key, request.query.get('versionId'));
    const tags = tagsOf(await receiveDocument(request));
    const { version, headers } = retag(request, service, tags);
    service.notify({ name: 'ObjectTagging:Put', bucket: request.bucket, ...untimed(version) }, request);
    return done(200, headers);
  },
};

export const deleteObjectTagging: Operation = {
  name: 'DeleteObjectTagging',
  action: 's3:DeleteObjectTagging',
  method: 'DELETE',
  ...asked,
  run(request, service): Answer {
    const { version, headers } = retag(request, service, []);
    service.notify({ name: 'ObjectTagging:Delete', bucket: request.bucket, ...untimed(version) }, request);
    return done(204, headers);
  },
};

function retag(
  { bucket: name, key, query }: S3Request,
  { store }: Service,
  tags: readonly Tag[],
): { version: StoredObject; headers: Record<string, string> } {
  return store.changeKey(name, key, (bucket) => {
    const version = objectOf(bucket, key, query.get('versionId'));
    const { versionId } = version;
    return {
      changes: [{ type: 'tags', bucket: name, key, versionId, tags }],
      result: { version, headers: versionHeaders(bucket, version) },
    };
  });
}

/** Records of tags have no sequencer and no size: they are of no write. */
function untimed({ key, versionId, etag }: StoredObject): Pick<StoredObject, 'key' | 'versionId' | 'etag'> {
  return { key, versionId, etag };
}

function tagsOf(root: Element): readonly Tag[] {
  onlyChildren(root, ['TagSet']);
  const set = childOf(root, 'TagSet');
  if (root.name !== 'Tagging' || set === undefined) throw malformedXml();
  onlyChildren(set, ['Tag']);
  const tags = childrenOf(set, 'Tag').map((tag): Tag => {
    onlyChildren(tag, ['Key', 'Value']);
    const key = textOf(tag, 'Key');
    const value = textOf(tag, 'Value');
    if (key === undefined || value === undefined) throw malformedXml();
    return [key, value];
  });
  return checkedTags(tags);
}
