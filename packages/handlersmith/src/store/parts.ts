/**
 * An upload in parts.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { crc32 } from 'node:zlib';

import type { Attempt } from './attempt.ts';
import { OutcomeUnknown } from './errors.ts';
import { base64Of } from './source.ts';
import { isThere } from './stage.ts';
import { errorName } from './transient.ts';

/** An upload that has begun. */
export interface PartsUpload {
  /** W2b. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * W2c: makes one object of the parts, if there is none of that key, and if they are these bytes.
   *
   * @param crc32 - of all bytes, in base64
   * @returns the version, in a bucket that keeps them
   */
  complete(size: number, crc32: string): Promise<string | undefined>;
  /** W2d: deletes what was sent. Does its best; the bucket's lifecycle does the rest. */
  giveUp(): Promise<void>;
}

interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumCRC32: string;
}

/** Errors after which only the object itself tells what happened. */
const UNCLEAR = new Set(['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']);

/** W2a. S3 checks each part by its CRC-32, and the whole by that of all bytes, which it works out from theirs. */
export async function beginParts(
  attempt: Attempt,
  key: string,
  contentType: string | undefined,
): Promise<PartsUpload> {
  const { client, sdk } = await attempt.settings.s3();
  const object = { Bucket: attempt.settings.bucket, Key: key };
  const begin = {
    ...object,
    ContentType: contentType,
    ChecksumAlgorithm: 'CRC32' as const,
    ChecksumType: 'FULL_OBJECT' as const,
  };
  const { UploadId: id } = await attempt.send('W2a', (options) =>
    client.send(new sdk.CreateMultipartUploadCommand(begin), options),
  );
  const upload = { ...object, UploadId: id };
  const parts: SentPart[] = [];

  /** A first try may have completed it before its answer was lost. The key is this attempt's own. */
  const completed = async (size: number, checksum: string, error: unknown): Promise<string | undefined> => {
    const input = { ...object, ChecksumMode: 'ENABLED' as const };
    try {
      const head = await attempt.send('W2c', (options) =>
        client.send(new sdk.HeadObjectCommand(input), options),
      );
      if (head.ContentLength === size && head.ChecksumCRC32 === checksum) return head.VersionId;
    } catch {
      // It is not there, or nobody can say. What went wrong before is told.
    }
    throw error instanceof OutcomeUnknown ? error : attempt.unknown('W2c', error);
  };

  return {
    send: async (bytes) => {
      const checksum = base64Of(crc32(bytes));
      const number = parts.length + 1;
      const input = {
        ...upload,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.byteLength,
        ChecksumCRC32: checksum,
      };
      try {
        const { ETag: tag } = await attempt.send('W2b', (options) =>
          client.send(new sdk.UploadPartCommand(input), options),
        );
        parts.push({ PartNumber: number, ETag: tag, ChecksumCRC32: checksum });
      } catch (error) {
        throw errorName(error) === 'NoSuchUpload' ? attempt.unknown('W2b', error) : error;
      }
    },
    complete: async (size, checksum) => {
      const input = {
        ...upload,
        IfNoneMatch: '*',
        MpuObjectSize: size,
        ChecksumCRC32: checksum,
        ChecksumType: 'FULL_OBJECT' as const,
        MultipartUpload: { Parts: parts },
      };
      try {
        const { VersionId: version } = await attempt.send('W2c', (options) =>
          client.send(new sdk.CompleteMultipartUploadCommand(input), options),
        );
        return version;
      } catch (error) {
        const isUnclear = error instanceof OutcomeUnknown || isThere(error) || UNCLEAR.has(errorName(error));
        if (!isUnclear) throw error;
        return completed(size, checksum, error);
      }
    },
    giveUp: () =>
      attempt.tidy('W2d', (options) => client.send(new sdk.AbortMultipartUploadCommand(upload), options)),
  };
}
