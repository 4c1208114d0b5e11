/**
 * Tags of an object, as S3 takes them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
import { S3Error } from './errors.ts';
import type { Tag } from './object.ts';

const MOST_TAGS = 10;
const KEY_LIMIT = 128;
const VALUE_LIMIT = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws S3Error `InvalidTag` or `BadRequest` where one of them is not allowed, or comes twice, or they are too many */
export function checkedTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MOST_TAGS) throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
  const seen = new Set<string>();
  for (const [key, value] of tags) {
    if (key === '' || key.length > KEY_LIMIT || !ALLOWED.test(key) || key.startsWith('aws:'))
      throw new S3Error(400, 'InvalidTag', 'The TagKey you have provided is invalid', { TagKey: key });
    if (value.length > VALUE_LIMIT || !ALLOWED.test(value))
      throw new S3Error(400, 'InvalidTag', 'The TagValue you have provided is invalid', { TagValue: value });
    if (seen.has(key))
      throw new S3Error(400, 'InvalidTag', 'Cannot provide multiple Tags with the same key', { TagKey: key });
    seen.add(key);
  }
  return tags;
}
