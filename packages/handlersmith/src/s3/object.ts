/**
 * The object of an event: what the event says of it, and its bytes.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3';

import { loadSdk, type S3ClientLike } from './client.ts';
import { ObjectGone, ObjectTooLarge, readError } from './gone.ts';
import type { ObjectKind } from './names.ts';
import type { ObjectNotification } from './notification.ts';

/** What S3 says of an object beside its bytes. */
export interface ObjectHead {
  /** Bytes. */
  readonly size: number | undefined;
  /** Without quotes. */
  readonly etag: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly lastModified: Date | undefined;
  /** What was stored as `x-amz-meta-…`, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How an object is read. */
export interface ReadObjectOptions {
  /** Stops the reading. The invocation's own signal does so in any case. */
  readonly signal?: AbortSignal;
}

/**
 * The object of an event. What is read is the version, or else the content by its ETag, that the event tells of. Is it
 * gone or replaced, {@link ObjectGone} is thrown; let it pass, and the record is skipped.
 */
export interface S3Object extends ObjectNotification {
  /**
   * All bytes.
   *
   * @throws ObjectGone, ObjectTooLarge
   */
  bytes(options?: ReadObjectOptions): Promise<Uint8Array>;
  /**
   * The bytes as they come; nothing is asked for before the first is. `Readable.from(object.stream())` makes a Node
   * stream of it.
   *
   * @throws ObjectGone, ObjectTooLarge, while it is read
   */
  stream(options?: ReadObjectOptions): AsyncIterable<Uint8Array>;
  /**
   * Type, metadata and size.
   *
   * @throws ObjectGone
   */
  head(options?: ReadObjectOptions): Promise<ObjectHead>;
}

/** What an object is read with. */
export interface ObjectAccess {
  readonly client: () => S3ClientLike | Promise<S3ClientLike>;
  /** Bytes that may be read. */
  readonly maxBytes: number;
  /** Ends all reading. */
  readonly signal: AbortSignal;
}

/** A body as the SDK gives it under Node. */
type Body = AsyncIterable<Uint8Array> & { destroy?(error?: Error): unknown };

/** The version of objects that were stored while versioning was off. Each new one takes its place. */
const NULL_VERSION = 'null';

/** An object that can be read. */
export class ReadableObject implements S3Object {
  readonly bucket: string;
  readonly key: string;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
  readonly sequencer: string | undefined;
  readonly kind: ObjectKind;
  readonly eventName: string;
  readonly eventTime: Date;
  readonly #access: ObjectAccess;

  constructor(notification: ObjectNotification, access: ObjectAccess) {
    this.bucket = notification.bucket;
    this.key = notification.key;
    this.size = notification.size;
    this.etag = notification.etag;
    this.versionId = notification.versionId;
    this.sequencer = notification.sequencer;
    this.kind = notification.kind;
    this.eventName = notification.eventName;
    this.eventTime = notification.eventTime;
    this.#access = access;
  }

  async bytes(options: ReadObjectOptions = {}): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.stream(options)) {
      chunks.push(chunk);
      length += chunk.byteLength;
    }
    const whole = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
      whole.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return whole;
  }

  async *stream(options: ReadObjectOptions = {}): AsyncIterable<Uint8Array> {
    const { maxBytes } = this.#access;
    const signal = this.#signal(options);
    const { GetObjectCommand: Command } = await loadSdk();
    const { Body: content, ContentLength: announced = 0 } = (await this.#send(
      new Command(this.#target()),
      signal,
    )) as GetObjectCommandOutput; // of the command just sent
    if (content === undefined) return;
    const body = content as unknown as Body; // the SDK's own type covers browsers too
    if (announced > maxBytes) {
      body.destroy?.(); // without an error: nobody listens for one yet
      throw new ObjectTooLarge(announced, maxBytes);
    }
    yield* read(body, maxBytes, signal);
  }

  async head(options: ReadObjectOptions = {}): Promise<ObjectHead> {
    const { HeadObjectCommand: Command } = await loadSdk();
    const output = (await this.#send(
      new Command(this.#target()),
      this.#signal(options),
    )) as HeadObjectCommandOutput; // of the command just sent
    return {
      size: output.ContentLength,
      etag: output.ETag?.replaceAll('"', ''),
      contentType: output.ContentType,
      contentEncoding: output.ContentEncoding,
      lastModified: output.LastModified,
      metadata: output.Metadata ?? {},
    };
  }

  get #where(): string {
    return `s3://${this.bucket}/${this.key}`;
  }

  /** Names the one content the event tells of, as far as the event does. */
  #target(): { Bucket: string; Key: string; VersionId?: string; IfMatch?: string } {
    if (this.kind === 'removed')
      throw new ObjectGone(`${this.#where} is gone: the event tells of its removal`);
    const { bucket, key, versionId, etag } = this;
    const replaceable = versionId === undefined || versionId === NULL_VERSION;
    return {
      Bucket: bucket,
      Key: key,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(replaceable && etag !== undefined ? { IfMatch: `"${etag}"` } : {}),
    };
  }

  #signal({ signal }: ReadObjectOptions): AbortSignal {
    const own = this.#access.signal;
    return signal === undefined || signal === own ? own : AbortSignal.any([own, signal]);
  }

  async #send(command: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const client = await this.#access.client();
    try {
      // A client's own type ties each command to its output; S3ClientLike leaves that out so that any version fits.
      return await client.send(command as never, { abortSignal: signal });
    } catch (error) {
      throw readError(error, this.#where);
    }
  }
}

/** Passes a body on, counted. Whatever ends the reading ends the connection's part in it too. */
async function* read(body: Body, maxBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const abort = (): void => {
    body.destroy?.(
      signal.reason instanceof Error
        ? signal.reason
        : new Error('Reading was stopped', { cause: signal.reason }),
    );
  };
  signal.addEventListener('abort', abort, { once: true });
  let bytes = 0;
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new ObjectTooLarge(bytes, maxBytes);
      yield chunk;
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
