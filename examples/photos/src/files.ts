/**
 * What is made from photos, in the bucket: thumbnails and reports. Photos themselves are the store's.
 *
 * @module
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { setting } from './settings.ts';

/** Where thumbnails lie: what is written here must not make thumbnails of itself. */
export const THUMBNAILS = 'thumbs/';

interface CallOptions {
  /** Gives up the call when it aborts. */
  readonly signal: AbortSignal;
}

export interface Files {
  /** All bytes; undefined where there is no such file. */
  get(key: string, options: CallOptions): Promise<Uint8Array | undefined>;
  put(key: string, body: Uint8Array | string, contentType: string, options: CallOptions): Promise<void>;
  /** A file that is not there counts as removed. */
  remove(key: string, options: CallOptions): Promise<void>;
}

/** Make one per environment. */
export function files(): Files {
  const client = new S3Client();
  const Bucket = setting('ALBUM_BUCKET');
  return {
    async get(key, { signal }) {
      try {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key: key }), {
          abortSignal: signal,
        });
        return await body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async put(key, body, contentType, { signal }) {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ContentType: contentType }), {
        abortSignal: signal,
      });
    },
    async remove(key, { signal }) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal: signal });
    },
  };
}
