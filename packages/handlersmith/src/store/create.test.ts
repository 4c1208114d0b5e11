import { setImmediate } from 'node:timers/promises';

import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { BlobEvent } from './events.ts';
import {
  lostAnswer,
  notSent,
  passes,
  refusedWith,
  type Servers,
  serviceError,
  startServers,
} from './servers.fixture.ts';
import { blobStore } from './store.ts';
import { bytesOf, freshKey, photo } from './write.fixture.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

const store = () => blobStore(servers.options);

describe('refuses, before anything is sent,', () => {
  it.each([undefined, '', null])('a request without a key (%o), and says what to send', async (key) => {
    await expect(store().create(photo(key as undefined))).rejects.toMatchObject({
      name: 'KeyMissing',
      statusCode: 400,
      message: expect.stringContaining('Idempotency-Key'),
    });
    expect(servers.sent).toEqual([]);
  });

  it.each([
    ['a key that is no text', { idempotencyKey: 7 }, /idempotencyKey must be a non-empty string/],
    ['no scope', { scope: '' }, /scope must be a non-empty string, got an empty one/],
    ['an id that is no text', { id: 7 }, /id must be a non-empty string/],
    ['a key that UTF-8 does not have', { idempotencyKey: 'a\ud800' }, /idempotencyKey must be well-formed/],
    ['a scope that UTF-8 does not have', { scope: 'a\ud800' }, /scope must be well-formed/],
    ['an id that UTF-8 does not have', { id: 'a\ud800' }, /id must be well-formed text/],
    ['a body that is a text', { body: 'text' }, /create: body must be .*Uint8Array.*, got a string/],
    ['no body', { body: undefined }, /got undefined/],
    ['a body that is an object', { body: {} }, /body must be/],
    ['fields that hold themselves', { fields: circle() }, /holds itself/],
    ['an operation without a name', { operation: '' }, /operation must be/],
  ])('%s', async (_, change, message) => {
    const probeless = blobStore({ ...servers.options, probe: false });
    await expect(probeless.create({ ...photo(freshKey()), ...(change as object) })).rejects.toThrow(message);
    await expect(probeless.create({ ...photo(freshKey()), ...(change as object) })).rejects.toThrow(
      TypeError,
    );
    expect(servers.sent).toEqual([]);
  });

  it('more bytes than the store takes', async () => {
    const small = blobStore({ ...servers.options, limits: { maxBytes: 6 } });
    await expect(small.create(photo(freshKey()))).rejects.toMatchObject({
      name: 'BlobTooLarge',
      statusCode: 413,
    });
    expect(servers.sent).toEqual([]);
  });

  it.each([
    ['a promise for a row', { row: () => Promise.resolve({}) }, /row\(\) gave a promise/],
    ['a row that is a text', { row: () => 'row' }, /row\(\) must give an object of attributes, got a string/],
    ['a row that is a list', { row: () => [] }, /got a list/],
    ['a row with another key', { row: () => ({ id: 'other' }) }, /gave another "id" than rowKey/],
    ['a row with a blob of its own', { row: () => ({ blob: 1 }) }, /must not give "blob"/],
    ['a promise for an answer', { respond: () => Promise.resolve(1) }, /respond\(\) gave a promise/],
    ['an answer that holds itself', { respond: circle }, /respond\(\) must give JSON/],
    [
      'an answer that is a function',
      { respond: () => () => 1 },
      /respond\(\) must give JSON, got a function/,
    ],
    ['an answer with a BigInt', { respond: () => ({ n: 1n }) }, /respond\(\) must give JSON/],
    ['items that are no list', { also: () => ({}) }, /also\(\) must give a list/],
    ['more items than fit', { also: () => Array.from({ length: 98 }, () => ({})) }, /98 items.*97/],
  ])('%s', async (_, change, message) => {
    const probeless = blobStore({ ...servers.options, probe: false });
    const input = { ...photo(freshKey()), ...change } as unknown as ReturnType<typeof photo>; // what types would refuse
    await expect(probeless.create(input)).rejects.toThrow(message);
    expect(servers.sent).toEqual([]);
  });

  it('O6 an answer too large to be kept', async () => {
    const input = { ...photo(freshKey()), respond: () => 'x'.repeat(400_000) };
    const probeless = blobStore({ ...servers.options, probe: false });
    await expect(probeless.create(input)).rejects.toThrow(/400002 bytes of JSON where 389120 can be kept/);
    expect(servers.sent).toEqual([]);
  });

  it('a row that no table takes, before it is committed', async () => {
    const input = { ...photo(freshKey()), row: () => ({ at: new Date() }), respond: () => 1 };
    await expect(store().create(input)).rejects.toThrow(/row\(\): at is a Date/);
    expect(servers.sent).not.toContain('TransactWriteItems');
  });

  it('a rowKey that takes the place of what the store writes', async () => {
    const odd = blobStore({ ...servers.options, rowKey: (id) => ({ id, blob: 'x' }) });
    await expect(odd.create({ ...photo(freshKey()), respond: () => 1 })).rejects.toThrow(
      /rowKey\(\) must not give "blob": the store writes it/,
    );
    expect(servers.sent).toEqual([]);
  });

  it('a rowKey that gives no key', async () => {
    const odd = blobStore({ ...servers.options, rowKey: () => ({}) });
    await expect(odd.create({ ...photo(freshKey()), respond: () => 1 })).rejects.toThrow(
      /rowKey\(\) must give/,
    );
  });
});

describe('a write', () => {
  it('makes three round trips, its replay one, and both give the same', async () => {
    const key = freshKey();
    const first = await store().create(photo(key));
    expect(first).toMatchObject({ status: 'written', response: { size: 7 }, headers: {} });
    expect(servers.sent).toEqual(['GetItem', 'PutObject', 'TransactWriteItems']);

    servers.reset();
    const second = await store().create(photo(key));
    expect(second).toEqual({ ...first, status: 'replayed', headers: { 'idempotency-replayed': 'true' } });
    expect(JSON.stringify(second.response)).toBe(JSON.stringify(first.response));
    expect(servers.sent).toEqual(['GetItem']);
  });

  it('makes two without the first look', async () => {
    const probeless = blobStore({ ...servers.options, probe: false });
    await probeless.create(photo(freshKey()));
    expect(servers.sent).toEqual(['PutObject', 'TransactWriteItems']);
  });

  it('stores the bytes, and a row that refers to them', async () => {
    const { id, blob } = await store().create(photo(freshKey(), 'the sea'));
    expect(blob).toMatchObject({ bucket: 'photos-bucket', size: 7, contentType: 'image/jpeg' });
    expect(blob.key).toMatch(
      new RegExp(`^blobs/photos/\\d{4}-\\d\\d-\\d\\d/${id}/g0\\.${blob.sha256}-[0-9a-f]{8}~`),
    );
    expect(await servers.inspect.bytes(blob.key)).toBe('the sea');
    expect(await servers.inspect.row(id)).toEqual({
      id: { S: id },
      title: { S: 'sea' },
      size: { N: '7' },
      writtenBy: { S: expect.stringMatching(new RegExp(`^${id}\\.[\\w-]{43}$`)) },
      blob: {
        M: {
          bucket: { S: 'photos-bucket' },
          key: { S: blob.key },
          size: { N: '7' },
          sha256: { S: blob.sha256 },
          contentType: { S: 'image/jpeg' },
        },
      },
    });
  });

  it('takes an id of the caller, which is part of the request', async () => {
    const key = freshKey();
    const { id } = await store().create({ ...photo(key), id: `photo-${key}` });
    expect(id).toBe(`photo-${key}`);
    expect(await servers.inspect.row(id)).toMatchObject({ title: { S: 'sea' } });
    await expect(store().create({ ...photo(key), id: 'another' })).rejects.toMatchObject({
      name: 'KeyReused',
    });
  });

  it('tells row() the id and when the attempt began, and respond() what will be stored', async () => {
    const timed = blobStore({ ...servers.options, now: () => 1_800_000_000_000 });
    const { response, id } = await timed.create({
      ...photo(freshKey()),
      row: (blob, context) => ({
        of: context.id,
        at: context.startedAt.toISOString(),
        type: blob.contentType,
      }),
      respond: (row) => row,
    });
    expect(response).toMatchObject({ id, of: id, at: '2027-01-15T08:00:00.000Z', type: 'image/jpeg' });
    expect(response.blob.key).toMatch(/^blobs\/photos\/2027-01-15\//);
  });

  it('answers nothing with nothing, the second time too', async () => {
    const input = { ...photo(freshKey()), respond: () => undefined };
    expect((await store().create(input)).response).toBeUndefined();
    expect((await store().create(input)).response).toBeUndefined();
  });

  it('gives the first caller what JSON makes of the answer, as all others', async () => {
    const input = { ...photo(freshKey()), respond: () => ({ at: new Date(0), gone: undefined }) };
    const first = await store().create(input);
    expect(first.response).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(await store().create(input)).toMatchObject({ response: first.response });
  });

  it('keeps keys of one scope from those of another', async () => {
    const key = freshKey();
    const [one, other] = [
      await store().create(photo(key)),
      await store().create({ ...photo(key), scope: 'other' }),
    ];
    expect(other.status).toBe('written');
    expect(other.id).not.toBe(one.id);
  });

  it('takes further items into the same transaction', async () => {
    const key = freshKey();
    const { id } = await store().create({
      ...photo(key),
      also: (row) => [{ Put: { TableName: 'photos', Item: { id: { S: `outbox-${row.id}` } } } }],
    });
    expect(await servers.inspect.row(`outbox-${id}`)).toBeDefined();
  });

  it('is not done when a condition of theirs does not hold', async () => {
    const check = {
      ConditionCheck: {
        TableName: 'photos',
        Key: { id: { S: 'nobody' } },
        ConditionExpression: 'attribute_exists(id)',
      },
    };
    const rows = await servers.inspect.rows();
    await expect(store().create({ ...photo(freshKey()), also: () => [check] })).rejects.toMatchObject({
      name: 'RowConflict',
      statusCode: 412,
    });
    expect(await servers.inspect.rows()).toEqual(rows);
  });
});

describe('I6 a key that was used for something else is refused', () => {
  it.each([
    ['another body', (key: string) => photo(key, 'another')],
    ['other fields', (key: string) => ({ ...photo(key), fields: { title: 'x' } })],
    ['another content type', (key: string) => ({ ...photo(key), contentType: 'image/png' })],
    ['no content type', (key: string) => ({ ...photo(key), contentType: undefined })],
    ['another operation', (key: string) => ({ ...photo(key), operation: 'import' })],
  ])('%s', async (_, other) => {
    const key = freshKey();
    const { id } = await store().create(photo(key));
    const before = [await servers.inspect.row(id), await servers.inspect.keys()];
    for (const probe of [true, false]) {
      const again = blobStore({ ...servers.options, probe });
      // oxlint-disable-next-line no-await-in-loop -- with the first look, and without
      await expect(again.create(other(key))).rejects.toMatchObject({ name: 'KeyReused', statusCode: 422 });
    }
    // What the second had staged without a first look is deleted again.
    expect([await servers.inspect.row(id), await servers.inspect.keys()]).toEqual(before);
  });
});

describe('the content type', () => {
  it('I1 of the object is that of its row, whatever a request that came to nothing has left', async () => {
    const key = freshKey();
    servers.faults.push(passes, passes, notSent, notSent, notSent);
    await expect(store().create({ ...photo(key), contentType: 'image/png' })).rejects.toMatchObject({
      name: 'OutcomeUnknown',
    });
    const { blob } = await store().create(photo(key));
    const { bucket: Bucket, key: Key } = blob;
    expect(await servers.inspect.s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ContentType: blob.contentType,
    });
  });

  it('that is empty, as browsers have it for what they do not know, is none', async () => {
    const { blob } = await store().create({ ...photo(freshKey()), contentType: '' });
    expect(blob.contentType).toBeUndefined();
  });

  it.each(['image/jpeg\r\nx-amz-acl: public-read', 'bild/größe', 7])('refuses %j', async (contentType) => {
    await expect(
      store().create({ ...photo(freshKey()), contentType: contentType as string }),
    ).rejects.toThrow(new TypeError('blobStore: contentType must be a text of printable ASCII characters'));
    expect(servers.sent).toEqual([]);
  });
});

describe('I2 one effect', () => {
  it('however many come at once, and the same answer for all', async () => {
    const key = freshKey();
    const rows = (await servers.inspect.rows()).length;
    const results = await Promise.all(Array.from({ length: 8 }, () => store().create(photo(key))));
    expect(new Set(results.map(({ response }) => JSON.stringify(response))).size).toBe(1);
    expect(results.filter(({ status }) => status === 'written')).toHaveLength(1);
    expect((await servers.inspect.rows()).length).toBe(rows + 1);
  });

  it('when the record has expired: the row stands in the way, and answers', async () => {
    const key = freshKey();
    const { id, ...first } = await store().create(photo(key));
    await servers.inspect.forget(id);
    expect(await store().create(photo(key))).toMatchObject({
      ...first,
      status: 'replayed',
      headers: expect.anything(),
    });
    await expect(store().create(photo(key, 'another'))).rejects.toMatchObject({ name: 'KeyReused' });
  });

  it('I6 when the record has expired: other fields are another request', async () => {
    const key = freshKey();
    const { id } = await store().create({ ...photo(key), fields: { title: 'sea' } });
    await servers.inspect.forget(id);
    await expect(store().create({ ...photo(key), fields: { title: 'land' } })).rejects.toMatchObject({
      name: 'KeyReused',
    });
    expect(await store().create({ ...photo(key), fields: { title: 'sea' } })).toMatchObject({
      status: 'replayed',
    });
  });

  it('when the record has expired: respond() is asked for the row, and not for what the store wrote into it', async () => {
    const input = { ...photo(freshKey()), respond: (row: object) => Object.keys(row).toSorted() };
    const first = await store().create(input);
    await servers.inspect.forget(first.id);
    expect(await store().create(input)).toMatchObject({ status: 'replayed' });
    expect((await store().create(input)).response).toEqual(first.response);
  });

  it('when the row was replaced since, and the record is looked at by somebody else at the moment', async () => {
    const [key, id] = [freshKey(), freshKey()];
    const first = await store().create({ ...photo(key), id });
    await store().replace({ ...photo(freshKey(), 'another'), id });
    servers.faults.push(
      passes,
      refusedWith('TransactionCanceledException', 400, {
        CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed' }],
      }),
    );
    const probeless = blobStore({ ...servers.options, probe: false });
    expect(await probeless.create({ ...photo(key), id })).toMatchObject({
      status: 'replayed',
      response: first.response,
    });
  });

  it('not of a row that is somebody else’s; what was staged stays for the sweep', async () => {
    const id = freshKey();
    await servers.inspect.put('photos', { id: { S: id }, title: { S: 'theirs' } });
    const events: BlobEvent[] = [];
    const told = blobStore({ ...servers.options, hooks: { onEvent: (event) => events.push(event) } });
    const keys = await servers.inspect.keys();
    await expect(told.create({ ...photo(freshKey()), id })).rejects.toMatchObject({
      name: 'RowConflict',
      statusCode: 409,
    });
    expect(await servers.inspect.row(id)).toEqual({ id: { S: id }, title: { S: 'theirs' } });
    expect(events).toEqual([{ type: 'conflict', operation: 'create', id, status: 409 }]);
    // An earlier try may still come true: see I1.
    expect(await servers.inspect.keys()).toHaveLength(keys.length + 1);
  });
});

describe('an answer that is lost', () => {
  it('of the put: the bytes are there, the write goes on', async () => {
    servers.faults.push(passes, lostAnswer);
    const { status, blob } = await store().create(photo(freshKey()));
    expect(status).toBe('written');
    expect(servers.sent).toEqual(['GetItem', 'PutObject', 'PutObject', 'TransactWriteItems']);
    expect(await servers.inspect.bytes(blob.key)).toBe('a photo');
  });

  it('of the commit: it is found to be this very attempt’s', async () => {
    servers.faults.push(passes, passes, lostAnswer);
    expect((await store().create(photo(freshKey()))).status).toBe('written');
  });

  it('of the commit: what is sent again is the same to the last byte, though time has gone on', async () => {
    let now = 1_800_000_000_000;
    const ticking = blobStore({
      ...servers.options,
      records: { table: 'writes', ttl: 200_000 },
      now: () => (now += 1500),
    });
    servers.faults.push(passes, passes, lostAnswer);
    const key = freshKey();
    expect((await ticking.create(photo(key))).status).toBe('written');
    const name = `write#${servers.inspect.nameOf('tenant', key)}`;
    const record = (await servers.inspect.records()).find(({ pk }) => pk?.S === name);
    const age = Number(record?.['expiresAt']?.N) - 1_800_000_000 - 200_000;
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(30);
  });

  it('of the commit each time: not known to be done; the blob stays, a retry finds out', async () => {
    const key = freshKey();
    const events: BlobEvent[] = [];
    const told = blobStore({ ...servers.options, hooks: { onEvent: (event) => events.push(event) } });
    servers.faults.push(passes, passes, lostAnswer, lostAnswer, lostAnswer);
    await expect(told.create(photo(key))).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      statusCode: 503,
      step: 'W3',
      cause: { name: 'TimeoutError' },
    });
    expect(servers.sent).not.toContain('DeleteObject');
    expect(events).toMatchObject([{ type: 'outcomeUnknown', step: 'W3' }]);
    servers.reset();
    expect(await told.create(photo(key))).toMatchObject({ status: 'replayed', response: { size: 7 } });
  });
});

describe('what passes is tried again', () => {
  it.each([
    ['W1', 0, refusedWith('ProvisionedThroughputExceededException', 400)],
    ['W2', 1, refusedWith('ConditionalRequestConflict', 409)],
    ['W2', 1, refusedWith('SlowDown', 503)],
    ['W2', 1, notSent],
    [
      'W3',
      2,
      refusedWith('TransactionCanceledException', 400, {
        CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
      }),
    ],
    ['W3', 2, refusedWith('TransactionInProgressException', 400)],
    ['W3', 2, refusedWith('InternalServerError', 500)],
    ['W3', 2, notSent],
  ] as const)('%s', async (step, before, fault) => {
    const around = Array.from({ length: before }, () => passes);
    servers.faults.push(...around, fault);
    expect((await store().create(photo(freshKey()))).status).toBe('written');

    servers.reset();
    servers.faults.push(...around, fault, fault, fault);
    await expect(store().create(photo(freshKey()))).rejects.toMatchObject({ name: 'OutcomeUnknown', step });
    expect(servers.sent).toHaveLength(before + 3);
  });

  it('not what never passes: the fault shows', async () => {
    servers.faults.push(passes, refusedWith('AccessDenied', 403));
    await expect(store().create(photo(freshKey()))).rejects.toMatchObject({ name: 'AccessDenied' });
    servers.reset();
    servers.faults.push(passes, passes, refusedWith('AccessDeniedException', 400));
    await expect(store().create(photo(freshKey()))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('and a fault that comes after a lost answer says nothing of the outcome', async () => {
    const key = freshKey();
    servers.faults.push(passes, passes, lostAnswer, refusedWith('AccessDeniedException', 400));
    await expect(store().create(photo(key))).rejects.toMatchObject({ name: 'OutcomeUnknown', step: 'W3' });
    expect(await store().create(photo(key))).toMatchObject({ status: 'replayed' });
  });
});

describe('I1 the sweep was faster', () => {
  it('a fenced write stages again, under the new generation', async () => {
    const key = freshKey();
    const { id } = await store().create(photo(freshKey()));
    const events: BlobEvent[] = [];
    const told = blobStore({ ...servers.options, hooks: { onEvent: (event) => events.push(event) } });
    servers.faults.push(passes, passes, async (_name, send) => {
      await servers.inspect.fence(servers.inspect.nameOf('tenant', key), 1);
      return send();
    });
    const result = await told.create(photo(key));
    expect(result.blob.key).toMatch(/\/g1\./);
    expect(result.id).not.toBe(id);
    expect(events).toEqual([{ type: 'fenced', operation: 'create', id: result.id, generation: 1 }]);
    expect(servers.sent.slice(-2)).toEqual(['PutObject', 'TransactWriteItems']);
    expect(await servers.inspect.bytes(result.blob.key)).toBe('a photo');
  });

  it('a write whose fence has expired does not commit what the sweep may have taken', async () => {
    const key = freshKey();
    const name = servers.inspect.nameOf('tenant', key);
    await servers.inspect.fence(name, 3);
    servers.faults.push(passes, async (_name, send) => {
      await servers.inspect.forget(name);
      return send();
    });
    const { blob } = await store().create(photo(key));
    expect(blob.key).toMatch(/\/g0\./); // as a write that nobody has heard of
  });

  it('gives up when it is fenced again and again', async () => {
    const key = freshKey();
    const name = servers.inspect.nameOf('tenant', key);
    let generation = 0;
    servers.faults.push(passes);
    for (let round = 0; round < 5; round++) {
      servers.faults.push(passes, async (_name, send) => {
        generation += 1;
        await servers.inspect.fence(name, generation);
        return send();
      });
    }
    await expect(store().create(photo(key))).rejects.toMatchObject({ name: 'OutcomeUnknown', step: 'W3' });
  });
});

describe('time', () => {
  it('A5 no step is begun when there is none left', async () => {
    let left = 100;
    servers.faults.push(passes, async (_name, send) => {
      const answer = await send();
      left = 5;
      return answer;
    });
    const input = { ...photo(freshKey()), remaining: () => left };
    await expect(store().create(input)).rejects.toMatchObject({ name: 'OutcomeUnknown', step: 'W3' });
    expect(servers.sent).toEqual(['GetItem', 'PutObject']);
  });

  it('A3 nothing is sent after the signal, which says why', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(store().create({ ...photo(freshKey()), signal })).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      step: 'W1',
      cause: { message: 'enough' },
    });
    expect(servers.sent).toEqual([]);
  });

  it('A3 the signal ends what is under way', async () => {
    const controller = new AbortController();
    servers.faults.push(passes, async (_name, send) => {
      controller.abort(new Error('enough'));
      return send();
    });
    const input = { ...photo(freshKey()), signal: controller.signal };
    await expect(store().create(input)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(servers.sent).not.toContain('TransactWriteItems');
  });

  it('no commit leaves that was signed long after its attempt began', async () => {
    let now = Date.now();
    const frozen = blobStore({
      ...servers.options,
      now: () => now,
      limits: { retryDelay: 0, maxAttemptAge: 60_000 },
    });
    servers.faults.push(passes, async (_name, send) => {
      const answer = await send();
      now += 60_001;
      return answer;
    });
    const key = freshKey();
    await expect(frozen.create(photo(key))).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      cause: { name: 'AttemptTooOld' },
    });
    expect(await servers.inspect.row(servers.inspect.nameOf('tenant', key))).toBeUndefined();
    expect(await store().create(photo(key))).toMatchObject({ status: 'written' });
  });

  it('pauses between two tries, ever longer, and not beyond the deadline', async () => {
    const slow = blobStore({ ...servers.options, limits: { retryDelay: 50, attempts: 3 } });
    servers.faults.push(notSent, notSent);
    const startedAt = Date.now();
    await slow.create({ ...photo(freshKey()), remaining: () => 10_000 });
    expect(Date.now() - startedAt).toBeLessThan(5000);
    servers.faults.push(notSent, notSent, notSent);
    await expect(slow.create({ ...photo(freshKey()), remaining: () => 21 })).rejects.toMatchObject({
      step: 'W1',
    });
  });
});

it('hooks that throw, and a log that is told', async () => {
  const key = freshKey();
  const lines: unknown[] = [];
  const logger = {
    info: (...line: unknown[]) => void lines.push(['info', ...line]),
    warn: (...line: unknown[]) => void lines.push(['warn', ...line]),
  };
  const hooks = {
    onEvent: () => {
      throw new Error('hook');
    },
  };
  const told = blobStore({ ...servers.options, hooks });
  await told.create(photo(key));
  const { id, status } = await told.create({ ...photo(key), logger });
  expect(status).toBe('replayed');
  expect(lines).toEqual([
    [
      'info',
      expect.stringContaining('done before'),
      {
        event: 'replayed',
        operation: 'create',
        id,
        replayed: 1,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'handlersmith/store',
              Dimensions: [['operation'], []],
              Metrics: [{ Name: 'replayed', Unit: 'Count' }],
            },
          ],
        },
      },
    ],
    ['warn', expect.stringContaining('hook'), new Error('hook')],
  ]);
});

it('a hook that rejects, and a log that throws, change nothing', async () => {
  const [key, rejected] = [freshKey(), new Error('hook')];
  const onEvent = (): unknown => Promise.reject(rejected);
  const unhandled: unknown[] = [];
  const warned: unknown[] = [];
  const listen = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', listen);
  const logger = {
    info: () => {
      throw new Error('log');
    },
    warn: (_message: string, error: unknown) => {
      warned.push(error);
      throw new Error('log');
    },
  };
  const told = blobStore({ ...servers.options, hooks: { onEvent } });
  await told.create(photo(key));
  expect(await told.create({ ...photo(key), logger })).toMatchObject({ status: 'replayed' });
  await setImmediate();
  expect(unhandled).toEqual([]);
  expect(warned).toEqual([rejected]);
  process.off('unhandledRejection', listen);
});

it('I1 a body that its caller changes meanwhile is not stored: S3 is told what it was', async () => {
  const body = bytesOf('a photo');
  servers.faults.push(async (_name, send) => {
    const answer = await send();
    body.set(bytesOf('another'));
    return answer;
  });
  const keys = await servers.inspect.keys();
  await expect(store().create({ ...photo(freshKey()), body })).rejects.toMatchObject({
    name: 'OutcomeUnknown',
    step: 'W2',
    cause: { name: 'BadDigest' },
  });
  expect(await servers.inspect.keys()).toEqual(keys);
});

it('I6 fields that their caller changes meanwhile count as they were', async () => {
  const fields = { title: 'sea' };
  const key = freshKey();
  servers.faults.push(async (_name, send) => {
    const answer = await send();
    fields.title = 'hills';
    return answer;
  });
  await store().create({ ...photo(key), fields });
  expect(await store().create({ ...photo(key), fields: { title: 'sea' } })).toMatchObject({
    status: 'replayed',
  });
});

it('nothing of the caller’s is changed', async () => {
  const input = Object.freeze(photo(freshKey()));
  const body = bytesOf('a photo');
  await store().create(input);
  expect(input.body).toEqual(body);
});

it('an error of the service that is none of ours shows as it is', async () => {
  servers.faults.push(() => Promise.reject(serviceError('ResourceNotFoundException', 400)));
  await expect(store().create(photo(freshKey()))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

function circle(): object {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}

describe('keys and ids', () => {
  const odd = ['a#b', 'a/b', '..', 'ä😀', ' ', '%2F', 'a~b', '__proto__', 'x'.repeat(2048)];

  it.each(odd)('may be any text: %j', async (text) => {
    const write = { ...photo(text), scope: `s-${text}` };
    const first = await store().create(write);
    expect(await store().create(write)).toMatchObject({ status: 'replayed', blob: first.blob });
    expect(store().rowKeyOf(first.blob.key)).toEqual({ id: first.id });
  });

  it.each(odd.slice(0, -1))('an id may be any text: %j', async (id) => {
    const { blob } = await store().create({ ...photo(freshKey()), id: `${id}-${freshKey()}` });
    expect(await servers.inspect.bytes(blob.key)).toBe('a photo');
    const report = await store().sweep({ grace: 0, days: 'all' });
    expect(report).toMatchObject({ complete: true });
    expect(await servers.inspect.bytes(blob.key)).toBe('a photo');
  });

  it('of a scope and a key are not run together', async () => {
    const pairs = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a', '\0bc'],
      ['a ', 'bc'],
    ] as const;
    const ids = await Promise.all(
      pairs.map(async ([scope, key]) => (await store().create({ ...photo(key), scope })).id),
    );
    expect(new Set(ids).size).toBe(pairs.length);
    await expect(store().create({ ...photo('c'), scope: 'a\0b' })).rejects.toThrow('NUL');
  });

  it('an id too long for a key of S3 is refused before anything is staged', async () => {
    await expect(store().create({ ...photo(freshKey()), id: 'x'.repeat(900) })).rejects.toThrow(
      /rowKey is too long/,
    );
    expect(servers.sent).toEqual(['GetItem']);
  });
});

/** Why a write failed, of which nothing is left. */
const left = async (change: object, options: object = {}): Promise<unknown> => {
  const own = blobStore({ ...servers.options, prefix: `left-${freshKey()}/`, ...options });
  const error: unknown = await own
    .create({ ...photo(freshKey()), ...change })
    .catch((thrown: unknown) => thrown);
  expect(await own.sweep({ grace: 0 })).toMatchObject({ live: 0, complete: true });
  return error;
};

describe('I4 what DynamoDB does not take leaves nothing but what a sweep finds', () => {
  it('a row of more than 400 KB', async () => {
    const error = await left({ row: () => ({ text: 'x'.repeat(410_000) }) });
    expect(error).toMatchObject({ name: expect.stringMatching(/ValidationException|TransactionCanceled/) });
  });

  it('an item twice, and more bytes than a transaction takes', async () => {
    const item = { Put: { TableName: 'writes', Item: { pk: { S: 'x' }, sk: { S: 'x' } } } };
    expect(await left({ also: () => [item, item] })).toMatchObject({ name: 'ValidationException' });
  });

  it('the key of another table', async () => {
    expect(await left({}, { rowKey: (id: string) => ({ pk: id, sk: 'row' }) })).toMatchObject({
      name: expect.stringMatching(/ValidationException|TransactionCanceled/),
    });
  });
});
