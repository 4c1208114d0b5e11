import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { lostAnswer, type Servers, startServers } from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import { freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let store: BlobStore<{ readonly id: string }>;
beforeAll(async () => {
  servers = await startServers();
  store = blobStore(servers.options);
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

async function lost() {
  const { blob } = await store.create(photo(freshKey()));
  await servers.inspect.s3.send(new DeleteObjectCommand({ Bucket: blob.bucket, Key: blob.key }));
  return { blob };
}

describe('a blob that is gone', () => {
  it('is an alarm when nobody can say more', async () => {
    await expect(store.open(await lost())).rejects.toMatchObject({
      name: 'BlobMissing',
      message: expect.stringMatching(/^s3:\/\/photos-bucket\/blobs\/.* is gone/),
    });
  });

  it('is an alarm when the row still refers to it', async () => {
    const row = await lost();
    await expect(store.open(row, { reread: () => Promise.resolve(row) })).rejects.toMatchObject({
      name: 'BlobMissing',
    });
  });

  it('is a 404 when the row is gone too', async () => {
    await expect(
      store.open(await lost(), { reread: () => Promise.resolve(undefined) }),
    ).rejects.toMatchObject({
      name: 'RowMissing',
      statusCode: 404,
    });
  });

  it('is looked for where the row says it is by now', async () => {
    const { blob } = await store.create(photo(freshKey(), 'the new one'));
    const opened = await store.open(await lost(), { reread: () => Promise.resolve({ blob }) });
    expect(opened.blob).toEqual(blob);
    expect(new TextDecoder().decode(await opened.bytes())).toBe('the new one');
  });

  it('is not looked for for ever', async () => {
    const reread = async () => lost();
    await expect(store.open(await lost(), { reread })).rejects.toMatchObject({ name: 'BlobMissing' });
  });
});

describe('a blob that is there', () => {
  it('comes as a stream, or all together', async () => {
    const row = await store.create(photo(freshKey(), 'x'.repeat(300_000)));
    const chunks: Uint8Array[] = [];
    for await (const chunk of await store.open(row)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('x'.repeat(300_000));
    expect((await (await store.open(row)).bytes()).byteLength).toBe(300_000);
  });

  it('may be empty', async () => {
    const row = await store.create(photo(freshKey(), ''));
    expect(await (await store.open(row)).bytes()).toEqual(new Uint8Array());
  });

  it('is refused when it is not what was written, before its end is given out', async () => {
    const { blob } = await store.create(photo(freshKey(), 'a photo'));
    await servers.inspect.s3.send(
      new PutObjectCommand({ Bucket: blob.bucket, Key: blob.key, Body: 'a forgery' }),
    );
    const given: Uint8Array[] = [];
    const reading = async () => {
      for await (const chunk of await store.open({ blob })) given.push(chunk);
    };
    await expect(reading()).rejects.toMatchObject({ name: 'BlobCorrupted' });
    expect(given).toEqual([]);
  });

  it('comes once: whoever reads it twice is told so, and not that it is corrupted', async () => {
    const opened = await store.open(await store.create(photo(freshKey())));
    await opened.bytes();
    await expect(opened.bytes()).rejects.toThrow(/open it again/);
    await expect(opened[Symbol.asyncIterator]().next()).rejects.toThrow(TypeError);
  });

  it('is asked for again when the answer is lost', async () => {
    const row = await store.create(photo(freshKey()));
    servers.reset();
    servers.faults.push(lostAnswer);
    expect((await (await store.open(row)).bytes()).byteLength).toBe(7);
    expect(servers.sent).toEqual(['GetObject', 'GetObject']);
  });

  it('A3 is not read on after the signal', async () => {
    const row = await store.create(photo(freshKey()));
    await expect(store.open(row, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      step: 'O1',
    });
  });
});

describe('the row of an object', () => {
  it('is known by its key, to handlers of the events of the bucket', async () => {
    const { id, blob } = await store.create(photo(freshKey()));
    expect(store.rowKeyOf(blob.key)).toEqual({ id });
  });

  it.each(['thumbs/1.webp', 'blobs/readme.txt', ''])('is none where the store did not put it: %s', (key) => {
    expect(store.rowKeyOf(key)).toBeUndefined();
  });
});
