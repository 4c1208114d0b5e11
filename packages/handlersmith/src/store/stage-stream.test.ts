import { once } from 'node:events';
import { Readable } from 'node:stream';

import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { digest } from './names.ts';
import {
  type Fault,
  lostAnswer,
  notSent,
  refusedWith,
  type Servers,
  serviceError,
  startServers,
} from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import type { BlobBody } from './types.ts';
import { freshKey, photo } from './write.fixture.ts';

const MIB = 1024 ** 2;
const PART = 5 * MIB;

let servers: Servers;
let store: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  store = storeOf();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(async () => {
  servers.reset();
  const { s3 } = servers.inspect;
  const Bucket = servers.options.bucket;
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads)
    // oxlint-disable-next-line no-await-in-loop -- few
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
});

function storeOf(limits: object = {}): BlobStore<{ readonly id: string }> {
  return blobStore({ ...servers.options, limits: { retryDelay: 0, partSize: PART, ...limits } });
}

/** Bytes of which no two parts are alike. */
const BYTES = Buffer.alloc(PART + 1000).map((_byte, index) => (index * 31 + (index >>> 12)) & 255);

/** In chunks that do not fit parts. */
async function* chunked(bytes: Uint8Array = BYTES, size = 700_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) {
    yield bytes.subarray(at, at + size);
    // oxlint-disable-next-line no-await-in-loop -- as a network does
    await new Promise(setImmediate);
  }
}

const photoOf = (key: string, body: BlobBody) => ({ ...photo(key), body });

async function unfinished(): Promise<number> {
  const input = { Bucket: servers.options.bucket };
  return ((await servers.inspect.s3.send(new ListMultipartUploadsCommand(input))).Uploads ?? []).length;
}

/** The fault, for the first so many requests of that name. */
function faulty(name: string, fault: Fault, times = 1): void {
  let left = times;
  servers.faults.push(
    ...Array.from(
      { length: 40 },
      (): Fault => async (sent, send) => (sent === name && left-- > 0 ? fault(sent, send) : send()),
    ),
  );
}

/** Everything there is for the requests of a test: nothing is left of it. */
async function leftOf(run: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(await servers.inspect.keys());
  await run();
  return (await servers.inspect.keys()).filter((key) => !before.has(key));
}

/** Why it was refused; nothing is left of it. */
const refusalOf = async (body: BlobBody): Promise<unknown> => {
  let refusal: unknown;
  const left = await leftOf(async () => {
    refusal = await store.create(photoOf(freshKey(), body)).catch((error: unknown) => error);
  });
  expect(left).toEqual([]);
  expect(servers.sent).not.toContain('CompleteMultipartUpload');
  expect(servers.sent).not.toContain('PutObject');
  expect(await unfinished()).toBe(0);
  return refusal;
};

const IN_PARTS = [
  'GetItem',
  'CreateMultipartUpload',
  'UploadPart',
  'UploadPart',
  'CompleteMultipartUpload',
  'TransactWriteItems',
];

describe('a stream', () => {
  it.each([
    ['a Node stream', () => Readable.from(chunked())],
    ['a web stream', () => Readable.toWeb(Readable.from(chunked())) as AsyncIterable<Uint8Array>],
    ['an async generator', () => chunked()],
    ['a declared one', () => ({ stream: chunked(), length: BYTES.byteLength, sha256: digest(BYTES) })],
  ])('of more than a part is uploaded in parts: %s', async (_kind, bodyOf) => {
    const { blob, status, id } = await store.create(photoOf(freshKey(), bodyOf()));
    expect(servers.sent).toEqual(IN_PARTS);
    expect(status).toBe('written');
    expect(blob).toMatchObject({
      size: BYTES.byteLength,
      sha256: digest(BYTES),
      crc32: expect.stringMatching(/^[\w+/]{6}==$/),
      contentType: 'image/jpeg',
    });
    expect(digest(await (await store.open({ blob })).bytes())).toBe(digest(BYTES));
    expect((await servers.inspect.row(id))?.['blob']?.M?.['crc32']).toEqual({ S: blob.crc32 });
    expect(await unfinished()).toBe(0);
  });

  it.each([
    ['a part', PART],
    ['less', 1000],
    ['nothing', 0],
  ])('that fits into one part is put like bytes: %s', async (_what, size) => {
    const bytes = BYTES.subarray(0, size);
    const { blob } = await store.create(photoOf(freshKey(), chunked(bytes)));
    expect(servers.sent).toEqual(['GetItem', 'PutObject', 'TransactWriteItems']);
    expect(blob.key).toContain(`.${digest(bytes)}-`);
    expect(blob).toMatchObject({ size, sha256: digest(bytes) });
  });

  it('may come as bytes the next time: what counts is what it holds', async () => {
    const key = freshKey();
    const first = await store.create(photoOf(key, chunked()));
    expect(await store.create(photoOf(key, BYTES))).toMatchObject({ status: 'replayed', blob: first.blob });
  });

  it('replaces', async () => {
    const { id } = await store.create(photo(freshKey()));
    const { blob } = await store.replace({ ...photoOf(freshKey(), chunked()), id });
    expect((await servers.inspect.row(id))?.['blob']?.M?.['key']).toEqual({ S: blob.key });
  });
});

describe('a retry', () => {
  it('I3 is read to its end for its checksum, and nothing is sent', async () => {
    const key = freshKey();
    const first = await store.create(photoOf(key, chunked()));
    servers.reset();
    let read = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunked()) {
        read += chunk.byteLength;
        yield chunk;
      }
    };
    const again = await store.create(photoOf(key, counted()));
    expect(again).toMatchObject({ status: 'replayed', response: first.response, blob: first.blob });
    expect(read).toBe(BYTES.byteLength);
    expect(servers.sent).toEqual(['GetItem']);
  });

  it('with a declared checksum need not be read', async () => {
    const key = freshKey();
    const sha256 = digest(BYTES).toUpperCase();
    await store.create(photoOf(key, { stream: chunked(), sha256 }));
    const unread = Readable.from(chunked());
    const again = await store.create(photoOf(key, { stream: unread, sha256 }));
    expect(again.status).toBe('replayed');
    expect(unread.readableDidRead).toBe(false);
  });

  it('I6 with other bytes is refused', async () => {
    const key = freshKey();
    await store.create(photoOf(key, chunked()));
    await expect(store.create(photoOf(key, chunked(BYTES.subarray(1))))).rejects.toMatchObject({
      name: 'KeyReused',
    });
  });

  it('I2 two at once: one row, and nothing is left of the other', async () => {
    const key = freshKey();
    const left = await leftOf(async () => {
      const results = await Promise.all([
        store.create(photoOf(key, chunked())),
        store.create(photoOf(key, chunked())),
      ]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['replayed', 'written']);
      expect(results[0].blob).toEqual(results[1].blob);
    });
    expect(left).toHaveLength(1);
  });
});

describe('faults', () => {
  it.each([
    ['W2a', 'CreateMultipartUpload'],
    ['W2b', 'UploadPart'],
    ['W2c', 'CompleteMultipartUpload'],
  ])(
    '%s whose answer was lost, that was not sent, that failed, that was damaged, is sent again',
    async (_step, name) => {
      const passing = [lostAnswer, notSent, refusedWith('InternalError', 200), refusedWith('BadDigest', 400)];
      for (const fault of passing) {
        servers.reset();
        faulty(name, fault);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const { blob, status } = await store.create(photoOf(freshKey(), chunked()));
        expect(status).toBe('written');
        // oxlint-disable-next-line no-await-in-loop -- as above
        expect(digest(await (await store.open({ blob })).bytes())).toBe(digest(BYTES));
      }
    },
  );

  it('W2c 412, or no such upload, of a completion that was its own: the object tells', async () => {
    for (const error of [serviceError('PreconditionFailed', 412), serviceError('NoSuchUpload', 404)]) {
      servers.reset();
      faulty('CompleteMultipartUpload', async (_name, send) => {
        await send();
        throw error;
      });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { status } = await store.create(photoOf(freshKey(), chunked()));
      expect(status).toBe('written');
      expect(servers.sent).toContain('HeadObject');
      expect(servers.sent).not.toContain('AbortMultipartUpload');
    }
  });

  it('I1 W2c that nobody knows of: 503, and nothing is committed', async () => {
    const left = await leftOf(async () => {
      faulty('CompleteMultipartUpload', notSent, 3);
      await expect(store.create(photoOf(freshKey(), chunked()))).rejects.toMatchObject({
        name: 'OutcomeUnknown',
        step: 'W2c',
      });
      expect(servers.sent.slice(-2)).toEqual(['HeadObject', 'AbortMultipartUpload']);
    });
    expect(left).toEqual([]);
    expect(await unfinished()).toBe(0);
  });

  it('I1 W2c: an object of the key that is not these bytes is not committed', async () => {
    faulty('CompleteMultipartUpload', refusedWith('PreconditionFailed', 412));
    faulty('HeadObject', () => Promise.resolve({ output: { ContentLength: 5, ChecksumCRC32: 'AAAAAA==' } }));
    await expect(store.create(photoOf(freshKey(), chunked()))).rejects.toMatchObject({ step: 'W2c' });
    expect(servers.sent).not.toContain('TransactWriteItems');
  });

  it('W2d a part that cannot be sent gives the upload up', async () => {
    const left = await leftOf(async () => {
      faulty('UploadPart', notSent, 3);
      await expect(store.create(photoOf(freshKey(), chunked()))).rejects.toMatchObject({ step: 'W2b' });
    });
    expect(left).toEqual([]);
    expect(servers.sent.at(-1)).toBe('AbortMultipartUpload');
    expect(await unfinished()).toBe(0);
  });

  it('W2b of an upload that is gone is 503, missing rights are told as they are', async () => {
    faulty('UploadPart', refusedWith('NoSuchUpload', 404));
    await expect(store.create(photoOf(freshKey(), chunked()))).rejects.toMatchObject({
      statusCode: 503,
      step: 'W2b',
    });
    servers.reset();
    faulty('CompleteMultipartUpload', refusedWith('AccessDenied', 403));
    await expect(store.create(photoOf(freshKey(), chunked()))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(servers.sent.at(-1)).toBe('AbortMultipartUpload');
  });
});

describe('a fence', () => {
  it('what fits into one part is staged again', async () => {
    const key = freshKey();
    faulty('TransactWriteItems', async (_name, send) => {
      await servers.inspect.fence(servers.inspect.nameOf('tenant', key), 1);
      return send();
    });
    const { blob } = await store.create(photoOf(key, chunked(BYTES.subarray(0, 1000))));
    expect(blob.key).toContain('/g1.');
  });

  it('what was read is 503: the next attempt brings it again', async () => {
    const key = freshKey();
    faulty('TransactWriteItems', async (_name, send) => {
      await servers.inspect.fence(servers.inspect.nameOf('tenant', key), 1);
      return send();
    });
    await expect(store.create(photoOf(key, chunked()))).rejects.toMatchObject({
      statusCode: 503,
      step: 'W2',
    });
    const { blob, status } = await store.create(photoOf(key, chunked()));
    expect(status).toBe('written');
    expect(blob.key).toContain('/g1.');
  });
});

describe('a source', () => {
  const length = BYTES.byteLength;
  const mismatch = { name: 'BlobMismatch', statusCode: 400 };

  it('that ends early is refused', async () => {
    const stream = chunked(BYTES.subarray(0, -1));
    expect(await refusalOf({ stream, length })).toMatchObject(mismatch);
  });

  it('that goes on is refused, and closed', async () => {
    const stream = Readable.from(chunked());
    expect(await refusalOf({ stream, length: length - 1 })).toMatchObject(mismatch);
    expect(stream.destroyed).toBe(true);
  });

  it('with another checksum is refused', async () => {
    expect(await refusalOf({ stream: chunked(), sha256: digest('another') })).toMatchObject(mismatch);
  });

  it('short, with another length or checksum, is refused', async () => {
    expect(await refusalOf({ stream: chunked(BYTES.subarray(0, 9)), length: 10 })).toMatchObject(mismatch);
    expect(await refusalOf({ stream: chunked(BYTES.subarray(0, 9)), length: 8 })).toMatchObject(mismatch);
    expect(
      await refusalOf({ stream: chunked(BYTES.subarray(0, 9)), sha256: digest('another') }),
    ).toMatchObject(mismatch);
  });

  it('that fails is told of, and what was sent of it deleted', async () => {
    const failure = new Error('connection lost');
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* chunked(BYTES.subarray(0, PART + 500));
      throw failure;
    };
    expect(await refusalOf(broken())).toBe(failure);
    expect(servers.sent.at(-1)).toBe('AbortMultipartUpload');
  });

  it('that is destroyed', async () => {
    const stream = Readable.from(chunked());
    let sent = 0;
    faulty('UploadPart', (_name, send) => {
      if ((sent += 1) === 1) stream.destroy(new Error('client gone'));
      return send();
    });
    expect(await refusalOf(stream)).toMatchObject({ message: 'client gone' });
  });

  it('413 that is too long is refused: told beforehand, or as soon as it shows', async () => {
    const small = storeOf({ maxBytes: PART + 10 });
    for (const body of [{ stream: chunked(), length }, chunked()]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(small.create(photoOf(freshKey(), body))).rejects.toMatchObject({
        name: 'BlobTooLarge',
        statusCode: 413,
      });
    }
    expect(await unfinished()).toBe(0);
    expect(await refusalOf({ stream: chunked(), length: PART * 10_000 + 1 })).toMatchObject({
      statusCode: 413,
    });
  });

  it('A5 that keeps waiting is left when the time is over', async () => {
    const controller = new AbortController();
    const waiting = async function* (): AsyncGenerator<Uint8Array> {
      yield* chunked(BYTES.subarray(0, PART + 500));
      controller.abort(new Error('time is over'));
      await once(new EventTarget(), 'never');
    };
    await expect(
      store.create({ ...photoOf(freshKey(), waiting()), signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'OutcomeUnknown', cause: { message: 'time is over' } });
    expect(servers.sent.at(-1)).toBe('AbortMultipartUpload');
    expect(await unfinished()).toBe(0);
  });

  it('of texts is no source', async () => {
    expect(await refusalOf(Readable.from(['text']) as AsyncIterable<never>)).toMatchObject({
      message: expect.stringContaining('a stream of Uint8Array, got a string from it'),
    }); // not what the type says
  });

  it.each([
    [{ stream: 5 }, 'body must be a Uint8Array, a stream of them'],
    [{ length: 5 }, 'body must be a Uint8Array, a stream of them'],
    [{ stream: Readable.from([]), length: -1 }, 'length must be a whole number of bytes'],
    [{ stream: Readable.from([]), sha256: 'abc' }, 'sha256 must be 64 hexadecimal digits'],
  ])('A6 %# is refused before anything is sent', async (body, message) => {
    await expect(store.create(photoOf(freshKey(), body as never))).rejects.toThrow(message);
    expect(servers.sent).toEqual([]);
  });
});

it('a version is referred to', async () => {
  await using own = await startServers();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  const Bucket = own.options.bucket;
  await own.inspect.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const versioned = blobStore({ ...own.options, limits: { partSize: PART, retryDelay: 0 } });
  const { blob } = await versioned.create(photoOf(freshKey(), chunked()));
  const { Versions = [] } = await own.inspect.s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions.map(({ VersionId }) => VersionId)).toEqual([blob.versionId]);
});
