/**
 * W2 for streams: what fits into one part is staged like bytes, the rest in parts.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
import type { Content, Place } from './content.ts';
import { BlobTooLarge } from './errors.ts';
import { beginParts, type PartsUpload } from './parts.ts';
import { type Source, sourceOf } from './source.ts';
import { bytesContent, stagedKey } from './stage.ts';
import type { BlobReference, BlobStream } from './types.ts';

/** Parts that an upload may have. */
const MOST_PARTS = 10_000;

/**
 * A stream. It can be read once, and its checksum is known when it has been: what is staged in parts gets a key that is
 * this attempt's own, and cannot be staged again.
 *
 * @throws BlobTooLarge where its declared length says so
 */
export function streamContent(operation: string, declared: BlobStream, maxBytes: number): Content {
  const { length = 0, sha256 } = declared;
  if (length > maxBytes) throw new BlobTooLarge(operation, length, maxBytes);
  const source = sourceOf(operation, declared, maxBytes);
  /** Once it has proved to fit into one part. */
  let bytes: Content | undefined;
  let isRead = false;

  return {
    sha256,
    foresee: (place, generation) => bytes?.foresee(place, generation),
    stage: async (place, generation) => {
      if (bytes !== undefined) return bytes.stage(place, generation);
      if (isRead)
        throw place.attempt.unknown(
          'W2',
          new Error('a sweep was faster, and the stream cannot be read again'),
        );
      isRead = true;
      checkParts(place, length);
      const staged = await stageStream(place, generation, source);
      if (!(staged instanceof Uint8Array)) return staged;
      bytes = bytesContent(operation, staged, maxBytes);
      return bytes.stage(place, generation);
    },
    digest: async (attempt) => {
      if (sha256 !== undefined) return sha256;
      if (!isRead) {
        isRead = true;
        await source.drain(attempt);
      }
      return source.summary().sha256;
    },
  };
}

function checkParts({ attempt }: Place, bytes: number): void {
  const most = attempt.settings.limits.partSize * MOST_PARTS;
  if (bytes > most) throw new BlobTooLarge(attempt.operation, bytes, most);
}

/** @returns the bytes, when they fit into one part: nothing has been sent of them */
async function stageStream(
  place: Place,
  generation: number,
  source: Source,
): Promise<BlobReference | Uint8Array> {
  const { attempt, contentType } = place;
  const { bucket, limits } = attempt.settings;
  let key = '';
  let size = 0;
  let upload: PartsUpload | undefined;
  try {
    for await (const { bytes, isLast } of source.parts(attempt, limits.partSize)) {
      if (isLast && upload === undefined) return bytes;
      checkParts(place, (size += bytes.byteLength));
      if (upload === undefined) {
        key = stagedKey(place, generation, attempt.id);
        upload = await beginParts(attempt, key, contentType);
      }
      await upload.send(bytes);
    }
    const { crc32, sha256 } = source.summary();
    const versionId = await upload?.complete(size, crc32);
    return {
      bucket,
      key,
      size,
      sha256,
      crc32,
      ...(versionId === undefined ? {} : { versionId }),
      ...(contentType === undefined ? {} : { contentType }),
    };
  } catch (error) {
    // The source ended early, failed, or was more than was declared; or a part was not taken; or it is not known
    // whether it was completed, and nobody but this attempt, which ends here, would ever refer to it.
    await upload?.giveUp();
    throw error;
  }
}
