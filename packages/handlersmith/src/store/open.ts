/**
 * Reading a blob by the row that refers to it.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import { createHash } from 'node:crypto';

import { Attempt } from './attempt.ts';
import { BlobCorrupted, BlobMissing, RowMissing } from './errors.ts';
import type { Settings } from './settings.ts';
import { errorName, statusOf } from './transient.ts';
import type { BlobReference, WriteRequest } from './types.ts';

/** What refers to a blob: a row as it was read, or any part of it that has the blob. */
export interface BlobOwner {
  readonly blob: BlobReference;
}

/** How a blob is opened. */
export interface OpenOptions extends Pick<WriteRequest, 'signal' | 'remaining'> {
  /**
   * Reads the row again, when its blob is gone: it was replaced since. Gives nothing when the row is gone too.
   * Default: a blob that is gone is an error.
   */
  readonly reread?: (() => Promise<BlobOwner | undefined>) | undefined;
}

/** The bytes of a blob, once: as they come, or all together. Their checksum is verified; the last bytes come with it. */
export interface OpenedBlob extends AsyncIterable<Uint8Array> {
  /** What was opened: of the row that was read last. */
  readonly blob: BlobReference;
  /** All bytes. */
  bytes(): Promise<Uint8Array>;
}

/** Times that a row is read again: each means that it was replaced while its blob was being opened. */
const MOST_REREADS = 3;

/**
 * @throws RowMissing when blob and row are gone
 * @throws BlobMissing when the blob is gone, and a row refers to it
 */
export async function open(settings: Settings, owner: BlobOwner, options: OpenOptions): Promise<OpenedBlob> {
  const attempt = new Attempt(settings, 'open', options);
  let { blob } = owner;
  for (let reads = 0; ; reads++) {
    // oxlint-disable-next-line no-await-in-loop -- the next is of another row
    const content = await get(attempt, blob);
    if (!(content instanceof Error)) return opened(blob, content);
    const where = `s3://${blob.bucket}/${blob.key}`;
    if (options.reread === undefined || reads >= MOST_REREADS) throw new BlobMissing(where, content);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const again = await options.reread();
    if (again === undefined) throw new RowMissing('open', content);
    // An unchanged row is the alarm: a blob that somebody refers to was deleted.
    if (again.blob.key === blob.key) throw new BlobMissing(where, content);
    blob = again.blob;
  }
}

/** A body as the SDK gives it under Node. */
type Body = AsyncIterable<Uint8Array>;

/** O1. An error is that of an object that is not there. */
async function get(attempt: Attempt, { bucket, key, versionId }: BlobReference): Promise<Body | Error> {
  const { client, sdk } = await attempt.settings.s3();
  const input = {
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  };
  try {
    const { Body: body } = await attempt.send('O1', (options) =>
      client.send(new sdk.GetObjectCommand(input), options),
    );
    return (body ?? []) as unknown as Body; // the SDK's own type covers browsers too; none is an empty object
  } catch (error) {
    if (error instanceof Error && (errorName(error) === 'NoSuchKey' || statusOf(error) === 404)) return error;
    throw error;
  }
}

function opened(blob: BlobReference, body: Body): OpenedBlob {
  let isRead = false;
  const verified = async function* (): AsyncGenerator<Uint8Array> {
    // What is left of a body that was read would look as if it were cut.
    if (isRead) throw new TypeError('open: the bytes come once, and have been read; open it again');
    isRead = true;
    yield* verify(blob, body);
  };
  return {
    blob,
    [Symbol.asyncIterator]: verified,
    bytes: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of verified()) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    },
  };
}

/** Holds each chunk back until the next has come: what is corrupted is found before its end is given out. */
async function* verify(blob: BlobReference, body: Body): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const chunk of body) {
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== blob.sha256) throw new BlobCorrupted(`s3://${blob.bucket}/${blob.key}`, blob.sha256, sha256);
  if (held !== undefined) yield held;
}
