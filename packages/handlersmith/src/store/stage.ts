/**
 * W2 for bytes: one conditional put.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import type { Content, Place } from './content.ts';
import { BlobTooLarge } from './errors.ts';
import { blobKey, contentName, dayOf, digest } from './names.ts';
import { errorName, statusOf } from './transient.ts';
import type { BlobReference } from './types.ts';

/**
 * Bytes that are all there. Their key has their own checksum in it: a retry of the same request puts them in the same
 * place, so that it mends what the first attempt left instead of leaving something of its own.
 *
 * @throws BlobTooLarge
 */
export function bytesContent(operation: string, bytes: Uint8Array, maxBytes: number): Content {
  if (bytes.byteLength > maxBytes) throw new BlobTooLarge(operation, bytes.byteLength, maxBytes);
  const sha256 = digest(bytes);
  const referenceTo = (place: Place, generation: number): BlobReference => ({
    bucket: place.attempt.settings.bucket,
    key: stagedKey(place, generation, contentName(sha256, place.contentType)),
    size: bytes.byteLength,
    sha256,
    ...(place.contentType === undefined ? {} : { contentType: place.contentType }),
  });
  return {
    sha256,
    foresee: referenceTo,
    stage: (place, generation) => stageBytes(place, referenceTo(place, generation), bytes),
    digest: () => Promise.resolve(sha256),
  };
}

/** The key of a blob that is staged now. */
export function stagedKey({ attempt, write, rowKey }: Place, generation: number, content: string): string {
  const { prefix, now } = attempt.settings;
  return blobKey(prefix, { day: dayOf(now()), write, generation, content, rowKey });
}

/**
 * Puts bytes under a key that their checksum is part of.
 *
 * @returns the reference, with the version where the bucket has them and this very put made it
 */
async function stageBytes(
  { attempt }: Place,
  reference: BlobReference,
  bytes: Uint8Array,
): Promise<BlobReference> {
  const { client, sdk } = await attempt.settings.s3();
  const { bucket, key, sha256, contentType } = reference;
  const input = {
    Bucket: bucket,
    Key: key,
    Body: bytes,
    ContentLength: bytes.byteLength,
    ContentType: contentType,
    IfNoneMatch: '*',
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
  };
  try {
    const { VersionId: versionId } = await attempt.send('W2', (options) =>
      client.send(new sdk.PutObjectCommand(input), options),
    );
    return versionId === undefined ? reference : { ...reference, versionId };
  } catch (error) {
    // These very bytes are there: from an earlier attempt, or from a put of this one whose answer was lost.
    if (isThere(error)) return reference;
    throw error;
  }
}

/** Tells whether a put was refused because there is an object of that key. */
export function isThere(error: unknown): boolean {
  return errorName(error) === 'PreconditionFailed' || statusOf(error) === 412;
}
