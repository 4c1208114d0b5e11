import { CopyObjectCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { BlobEvent } from './events.ts';
import { digest } from './names.ts';
import { type Fault, lostAnswer, notSent, type Servers, startServers } from './servers.fixture.ts';
import { type BlobStore, blobStore } from './store.ts';
import type { BlobReference } from './types.ts';
import type { PresignedUpload, UploadContext } from './upload-types.ts';
import { bytesOf, freshKey, photo } from './write.fixture.ts';

let servers: Servers;
let now: number;
/** Each test has a folder of its own. */
let test = 0;
let events: BlobEvent[];
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => {
  now = Date.now();
  test += 1;
  events = [];
  servers.reset();
});

const storeOf = (more: object = {}): BlobStore<{ readonly id: string }> =>
  blobStore({
    ...servers.options,
    prefix: `test${test}/`,
    now: () => now,
    hooks: { onEvent: (event) => events.push(event) },
    limits: { retryDelay: 0 },
    ...more,
  });

const BODY = 'a photo of the sea';

const begin = (idempotencyKey: string, body = BODY, more: object = {}) => ({
  scope: 'tenant',
  idempotencyKey,
  size: bytesOf(body).byteLength,
  sha256: digest(body),
  contentType: 'image/jpeg',
  fields: { title: 'sea' },
  ...more,
});

const drafting = {
  row: (blob: BlobReference, { fields }: UploadContext) => ({ size: blob.size, fields }),
  respond: ({ id, size, fields }: { id: string; size: number; fields: unknown }) => ({ id, size, fields }),
};

const complete = (idempotencyKey: string) => ({ scope: 'tenant', idempotencyKey, ...drafting });

async function begun(
  store: BlobStore<{ readonly id: string }>,
  key: string,
  body = BODY,
): Promise<PresignedUpload> {
  const upload = await store.beginUpload(begin(key, body));
  if (upload.status !== 'upload') throw new Error('committed before');
  return upload;
}

function put({ url, method, headers }: PresignedUpload, body = BODY, more: object = {}): Promise<Response> {
  return fetch(url, { method, headers: { ...headers, ...more }, body: bytesOf(body) });
}

function keyOf({ url }: PresignedUpload): string {
  return decodeURIComponent(new URL(url).pathname.split('/').slice(2).join('/'));
}

/** The fault, for the first request of that name. */
function faulty(name: string, fault: Fault): void {
  let left = 1;
  servers.faults.push(
    ...Array.from(
      { length: 20 },
      (): Fault => async (sent, send) => (sent === name && left-- > 0 ? fault(sent, send) : send()),
    ),
  );
}

describe('an upload by the client', () => {
  it('is begun, done and completed', async () => {
    const store = storeOf();
    const key = freshKey();
    const upload = await begun(store, key);
    expect((await put(upload)).status).toBe(200);
    const result = await store.completeUpload(complete(key));
    expect(result).toMatchObject({
      status: 'written',
      response: { id: upload.id, size: BODY.length, fields: { title: 'sea' } },
      blob: { key: keyOf(upload), sha256: digest(BODY), contentType: 'image/jpeg' },
    });
    expect((await servers.inspect.row(upload.id))?.['blob']?.M?.['key']).toEqual({ S: keyOf(upload) });
    expect(await servers.inspect.bytes(keyOf(upload))).toBe(BODY);
    expect(servers.sent).toEqual(['GetItem', 'PutItem', 'GetItem', 'HeadObject', 'TransactWriteItems']);
    expect(await storeOf().sweep({ grace: 0 })).toMatchObject({ live: 1, deleted: 0 });
  });

  it('is signed for its bytes alone: length, checksum and condition are signed headers', async () => {
    const upload = await begun(storeOf(), freshKey());
    const query = new URL(upload.url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-type;host;if-none-match;x-amz-checksum-sha256',
    );
    expect([...query.keys()].filter((name) => name.toLowerCase().includes('checksum'))).toEqual([]);
    expect((await put(upload, 'another photo here')).status).toBe(400);
    expect((await put(upload, 'longer than what was begun')).status).toBe(403);
    const { 'if-none-match': _left, ...without } = upload.headers;
    expect((await put({ ...upload, headers: without })).status).toBe(403);
    expect((await put(upload, BODY, { 'content-type': 'text/html' })).status).toBe(403);
    expect(await servers.inspect.keys()).not.toContain(keyOf(upload));
  });

  it('may be sent twice: the second is told that it is there', async () => {
    const upload = await begun(storeOf(), freshKey());
    expect((await put(upload)).status).toBe(200);
    expect((await put(upload)).status).toBe(412);
  });

  it('the same key gets the same place, also on another day, and a fresh URL', async () => {
    const key = freshKey();
    const first = await begun(storeOf(), key);
    now += 3 * 86_400_000;
    const second = await begun(storeOf(), key);
    expect(keyOf(second)).toBe(keyOf(first));
    expect(second.expiresAt.getTime()).toBeGreaterThanOrEqual(first.expiresAt.getTime());
    expect((await put(second)).status).toBe(200);
    expect((await storeOf().completeUpload(complete(key))).status).toBe('written');
  });

  it('begun twice at once has one place', async () => {
    const key = freshKey();
    now = Date.parse('2027-01-01T23:59:59Z');
    let other: PresignedUpload | undefined;
    faulty('PutItem', async (_name, send) => {
      now += 2000;
      other = await begun(storeOf(), key);
      return send();
    });
    const first = await begun(storeOf(), key);
    expect(other).toBeDefined();
    expect(keyOf(first)).toBe(keyOf(other ?? first));
  });

  it('the URL is good for as long as was asked', async () => {
    const upload = await storeOf().beginUpload(begin(freshKey(), BODY, { expiresIn: 60 }));
    expect(upload).toMatchObject({ status: 'upload' });
    const { url, expiresAt } = upload as PresignedUpload; // as just seen
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    expect(Math.abs(expiresAt.getTime() - Date.now() - 60_000)).toBeLessThan(2000);
  });

  it('needs an id only to begin', async () => {
    const store = storeOf();
    const key = freshKey();
    const id = `named-${key}`;
    const upload = await store.beginUpload(begin(key, BODY, { id }));
    await put(upload as PresignedUpload); // new, so not committed
    expect((await store.completeUpload(complete(key))).id).toBe(id);
    expect(await servers.inspect.row(id)).toBeDefined();
  });
});

describe('a retry', () => {
  it('I3 of the completion gets the same answer, and so does who begins again', async () => {
    const store = storeOf();
    const key = freshKey();
    await put(await begun(store, key));
    const first = await store.completeUpload(complete(key));
    const again = await store.completeUpload(complete(key));
    expect(again).toMatchObject({ status: 'replayed', response: first.response, id: first.id });
    expect(await store.beginUpload(begin(key))).toEqual({
      status: 'committed',
      response: first.response,
      id: first.id,
      blob: first.blob,
      headers: { 'idempotency-replayed': 'true' },
    });
  });

  it.each([
    ['the beginning', 'PutItem'],
    ['the commit', 'TransactWriteItems'],
    ['the look at the object', 'HeadObject'],
  ])('I2 after %s whose answer was lost', async (_what, name) => {
    const store = storeOf();
    const key = freshKey();
    faulty(name, lostAnswer);
    const upload = await begun(store, key);
    await put(upload);
    expect((await store.completeUpload(complete(key))).status).toBe('written');
    expect(await storeOf().sweep({ grace: 0 })).toMatchObject({ orphans: 0 });
  });

  it('of an upload whose record has expired finds the row', async () => {
    const store = storeOf();
    const key = freshKey();
    await put(await begun(store, key));
    const first = await store.completeUpload(complete(key));
    await servers.inspect.forget(servers.inspect.nameOf('tenant', key));
    expect((await put(await begun(store, key))).status).toBe(412);
    expect(await store.completeUpload(complete(key))).toMatchObject({
      status: 'replayed',
      response: first.response,
    });
  });
});

describe('S3 tells of the object', () => {
  it('and the row is there, with the answer that the client gets', async () => {
    const store = storeOf();
    const key = freshKey();
    const upload = await begun(store, key);
    await put(upload);
    const told = await store.onObjectCreated({ key: keyOf(upload) }, drafting);
    expect(told).toMatchObject({ status: 'written', id: upload.id });
    expect(await store.completeUpload(complete(key))).toMatchObject({
      status: 'replayed',
      response: told?.response,
      blob: told?.blob,
    });
    expect(await store.onObjectCreated({ key: keyOf(upload) }, drafting)).toMatchObject({
      status: 'replayed',
      response: told?.response,
    });
  });

  it('I2 while the client completes: one row, one answer', async () => {
    const store = storeOf();
    const key = freshKey();
    const upload = await begun(store, key);
    await put(upload);
    const results = await Promise.all([
      store.completeUpload(complete(key)),
      store.onObjectCreated({ key: keyOf(upload) }, drafting),
      store.completeUpload(complete(key)),
    ]);
    expect(results.filter((result) => result?.status === 'written')).toHaveLength(1);
    expect(new Set(results.map((result) => JSON.stringify(result?.response))).size).toBe(1);
    expect(await servers.inspect.keys()).toContain(keyOf(upload));
  });

  it('of something else, and nothing is done', async () => {
    const store = storeOf();
    const { blob } = await store.create(photo(freshKey()));
    const staged = await begun(store, freshKey());
    for (const key of [blob.key, 'elsewhere/x', `${keyOf(staged)}x`, keyOf(staged).replace('/g0.', '/g1.')])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await store.onObjectCreated({ key }, drafting)).toBeUndefined();
    expect(events).toEqual([]);
    const operation = 'another';
    await put(staged);
    expect(await store.onObjectCreated({ key: keyOf(staged) }, { ...drafting, operation })).toBeUndefined();
  });
});

describe('what cannot be completed', () => {
  it('404 before the bytes are there, 404 what was never begun', async () => {
    const store = storeOf();
    const key = freshKey();
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({
      name: 'UploadMissing',
      statusCode: 404,
    });
    const upload = await begun(store, key);
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({ statusCode: 404 });
    await put(upload);
    expect((await store.completeUpload(complete(key))).status).toBe('written');
  });

  it('410 what a sweep has fenced; begun again, it gets another place', async () => {
    const store = storeOf();
    const key = freshKey();
    const first = await begun(store, key);
    await put(first);
    expect(await store.sweep({ grace: 0 })).toMatchObject({ fenced: 1, deleted: 1 });
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({
      name: 'UploadMissing',
      statusCode: 410,
    });
    expect(await store.onObjectCreated({ key: keyOf(first) }, drafting)).toBeUndefined();
    expect((await put(first)).status).toBe(200);
    const second = await begun(store, key);
    expect(keyOf(second)).toContain('/g1.');
    await put(second);
    expect((await store.completeUpload(complete(key))).status).toBe('written');
    expect(await store.sweep({ grace: 0 })).toMatchObject({ live: expect.any(Number), deleted: 1 });
  });

  it('I6 no other upload under the key of one that was fenced: who began that could complete this', async () => {
    const store = storeOf();
    const key = freshKey();
    await put(await begun(store, key));
    await store.sweep({ grace: 0 });
    await expect(store.beginUpload(begin(key, 'otherwise'))).rejects.toMatchObject({ name: 'KeyReused' });
    await put(await begun(store, key));
    expect((await store.completeUpload(complete(key))).status).toBe('written');
  });

  it.each(['completeUpload', 'onObjectCreated'] as const)(
    'I1 410 what a sweep fences between the look at the object and the commit: %s',
    async (method) => {
      const store = storeOf();
      const key = freshKey();
      const upload = await begun(store, key);
      await put(upload);
      faulty('TransactWriteItems', async (_name, send) => {
        await store.sweep({ grace: 0 });
        return send();
      });
      const outcome = await (
        method === 'completeUpload'
          ? store.completeUpload(complete(key))
          : store.onObjectCreated({ key: keyOf(upload) }, drafting)
      ).catch((error: unknown) => error);
      expect([(outcome as { statusCode?: number } | undefined)?.statusCode]).toEqual([
        method === 'completeUpload' ? 410 : undefined,
      ]); // an error, or nothing
      expect(await servers.inspect.row(upload.id)).toBeUndefined();
    },
  );

  it("I1 a stranger's object in its place", async () => {
    const store = storeOf();
    const Bucket = servers.options.bucket;
    const other = bytesOf('another photo here');
    const key = freshKey();
    const upload = await begun(store, key);
    await servers.inspect.s3.send(new PutObjectCommand({ Bucket, Key: keyOf(upload), Body: other }));
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({
      name: 'BlobMismatch',
      statusCode: 400,
    });
    await expect(store.onObjectCreated({ key: keyOf(upload) }, drafting)).rejects.toMatchObject({
      name: 'BlobMismatch',
    });
    await servers.inspect.s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: keyOf(upload),
        CopySource: `${Bucket}/${encodeURIComponent(keyOf(upload))}`,
        ChecksumAlgorithm: 'SHA256',
        MetadataDirective: 'REPLACE',
      }),
    );
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({ name: 'BlobMismatch' });
    expect(await servers.inspect.row(upload.id)).toBeUndefined();
  });

  it.each<[what: string, value: unknown]>([
    ['bytes', bytesOf('x')],
    ['a Map', new Map()],
    ['a Set', new Set([1])],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
  ])('fields that would not come back as they were: %s', async (what, value) => {
    const input = begin(freshKey(), BODY, { fields: { list: [{ title: value }] } });
    await expect(storeOf().beginUpload(input)).rejects.toThrow(
      `upload: fields are kept as JSON until the upload is completed, and "title" is ${what}, which JSON cannot hold`,
    );
    expect(servers.sent).toEqual([]);
  });

  it('no fields that change while they are looked at', async () => {
    const store = storeOf();
    const key = freshKey();
    const fields = { title: 'sea' };
    const beginning = store.beginUpload(begin(key, BODY, { fields }));
    fields.title = 'land';
    await put((await beginning) as PresignedUpload); // nothing was done before
    expect(await store.completeUpload(complete(key))).toMatchObject({
      response: { fields: { title: 'sea' } },
    });
  });

  it('I6 another request under a key that was used', async () => {
    const store = storeOf();
    const key = freshKey();
    await put(await begun(store, key));
    await expect(store.beginUpload(begin(key, 'something else'))).rejects.toMatchObject({
      name: 'KeyReused',
    });
    await expect(store.beginUpload(begin(key, BODY, { fields: {} }))).rejects.toMatchObject({
      statusCode: 422,
    });
    await expect(store.beginUpload(begin(key, BODY, { contentType: 'image/png' }))).rejects.toMatchObject({
      statusCode: 422,
    });
    await expect(store.completeUpload({ ...complete(key), operation: 'another' })).rejects.toMatchObject({
      statusCode: 422,
    });
    await store.completeUpload(complete(key));
    await expect(store.beginUpload(begin(key, 'something else'))).rejects.toMatchObject({
      name: 'KeyReused',
    });

    const created = freshKey();
    await store.create(photo(created));
    await expect(store.beginUpload(begin(created))).rejects.toMatchObject({ statusCode: 422 });
    await expect(store.completeUpload(complete(created))).rejects.toMatchObject({ statusCode: 422 });
  });

  it('503 while nobody knows, and then it goes on', async () => {
    const store = storeOf({ limits: { attempts: 1, retryDelay: 0 } });
    const key = freshKey();
    faulty('PutItem', notSent);
    await expect(store.beginUpload(begin(key))).rejects.toMatchObject({ statusCode: 503, step: 'B1' });
    await put(await begun(store, key));
    servers.reset();
    faulty('HeadObject', notSent);
    await expect(store.completeUpload(complete(key))).rejects.toMatchObject({ statusCode: 503, step: 'B3' });
    expect((await store.completeUpload(complete(key))).status).toBe('written');
    expect(events).toContainEqual(expect.objectContaining({ type: 'outcomeUnknown' }));
  });
});

it('a version is looked at and referred to', async () => {
  await using own = await startServers();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  const Bucket = own.options.bucket;
  await own.inspect.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const store = blobStore(own.options);
  const key = freshKey();
  const upload = await begun(store, key);
  const version = (await put(upload)).headers.get('x-amz-version-id');
  expect((await store.completeUpload(complete(key))).blob.versionId).toBe(version);
});

describe('bad input', () => {
  it.each([
    [{ size: -1 }, 'upload: size must be a whole number of bytes'],
    [{ size: 1.5 }, 'upload: size must be a whole number of bytes'],
    [{ sha256: 'abc' }, 'upload: sha256 must be 64 hexadecimal digits'],
    [{ sha256: undefined }, 'upload: sha256 must be 64 hexadecimal digits'],
    [{ expiresIn: 0 }, 'upload: expiresIn must be a whole number of seconds'],
    [{ expiresIn: 604_801 }, 'upload: expiresIn must be a whole number of seconds'],
    [{ size: 5 * 1024 ** 3 + 1 }, 'upload: expected at most 5368709120 bytes'],
    [{ idempotencyKey: undefined }, 'upload: expected an idempotency key'],
  ])('A6 %j is refused, and nothing is sent', async (wrong, message) => {
    await expect(storeOf().beginUpload({ ...begin(freshKey()), ...wrong } as never)).rejects.toThrow(message);
    expect(servers.sent).toEqual([]);
  });

  it('a checksum in capitals is as good', async () => {
    const upload = await storeOf().beginUpload(
      begin(freshKey(), BODY, { sha256: digest(BODY).toUpperCase() }),
    );
    expect((await put(upload as PresignedUpload)).status).toBe(200); // new, so not committed
  });

  it('a compact store has no uploads', async () => {
    const { records: _none, ...options } = servers.options;
    const store = blobStore({ ...options, compact: true });
    await expect(store.beginUpload(begin(freshKey()))).rejects.toThrow(
      '"beginUpload" and the option "compact"',
    );
  });
});

it('takes the place of a lease whose holder came to nothing', async () => {
  const store = storeOf({ lease: true, limits: { attempts: 1, retryDelay: 0 } });
  const key = freshKey();
  faulty('TransactWriteItems', notSent);
  await expect(store.create(photo(key))).rejects.toMatchObject({ step: 'W3' });
  servers.reset();
  await put(await begun(store, key));
  expect((await store.completeUpload(complete(key))).status).toBe('written');
  expect(await store.sweep({ grace: 0 })).toMatchObject({ live: 1, deleted: 1 });
});
