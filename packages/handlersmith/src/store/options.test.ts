import { describe, expect, it } from 'vitest';

import type { BlobStoreOptions } from './options.ts';
import { settingsOf } from './settings.ts';
import { blobStore } from './store.ts';

const options = {
  bucket: 'photos',
  table: 'photos',
  records: { table: 'writes' },
  rowKey: (id: string) => ({ id }),
};
const made = (change: object) => () => blobStore({ ...options, ...change });

describe('A6 refuses when it is built', () => {
  it.each([
    ['an option it does not know', { buckets: 'x' }, /unknown option "buckets".*"bucket"/],
    ['no bucket', { bucket: undefined }, /"bucket" is missing/],
    ['no table', { table: undefined }, /"table" is missing/],
    ['an empty table', { table: '' }, /"table" must be/],
    ['no rowKey', { rowKey: undefined }, /"rowKey" is missing; it must be a function/],
    ['a prefix without an end', { prefix: 'blobs' }, /"prefix" must be a text that ends with "\/"/],
    ['no prefix at all', { prefix: '' }, /"prefix" must be/],
    ['a prefix that no list of keys can hold', { prefix: 'a\u0001b/' }, /"prefix" must be/],
    ['a prefix that is no text to UTF-8', { prefix: '\uD800/' }, /"prefix" must be/],
    ['a prefix that starts with a slash', { prefix: '/blobs/' }, /"prefix" must be/],
    ['a client that is none', { s3: {} }, /"s3" must be a S3Client/],
    ['records without a table', { records: {} }, /"records" is missing "table"/],
    ['records with names that meet', { records: { table: 'x', sortKey: 'pk' } }, /must differ/],
    [
      'a partition key that records have an attribute of',
      { records: { table: 'x', partitionKey: 'id' } },
      /"records": partitionKey, sortKey and expiration must not be called "id"/,
    ],
    [
      'an expiration that hides what records say',
      { records: { table: 'x', expiration: 'state' } },
      /"state"/,
    ],
    [
      'records that are kept for a second',
      { records: { table: 'x', ttl: 1 } },
      /"ttl" must be a number of seconds, 172,800/,
    ],
    ['a lease without end', { lease: { for: Infinity } }, /"for" must be/],
    ['a lease of nothing', { lease: { for: 0 } }, /"for" must be/],
    ['a lease that no number in a table holds', { lease: { for: 1e300 } }, /"for" must be/],
    ['limits it does not know', { limits: { maxByte: 1 } }, /unknown option "maxByte".*"maxBytes"/],
    ['answers that no item holds', { limits: { maxResponseBytes: 400_000 } }, /"maxResponseBytes" must be/],
    ['parts that S3 does not take', { limits: { partSize: 1024 } }, /"partSize" must be/],
    ['attempts that outlive their records', { limits: { maxAttemptAge: 1e9 } }, /"maxAttemptAge" must be/],
    [
      'a grace that no date has',
      { limits: { readerGrace: Number.MAX_SAFE_INTEGER } },
      /"readerGrace" must be/,
    ],
    ['hooks it does not know', { hooks: { onevent: () => {} } }, /Did you mean "onEvent"/],
  ])('%s', (_, change, message) => {
    expect(made(change)).toThrow(message);
    expect(made(change)).toThrow(TypeError);
  });

  it.each([
    ['neither records nor compact', { records: undefined }, /"records" is missing/],
    ['records and compact', { compact: true }, /"compact" and "records" contradict/],
    [
      'compact and a lease',
      { compact: true, records: undefined, lease: true },
      /"compact" and "lease" contradict/,
    ],
    [
      'a lease without the first look',
      { lease: true, probe: false },
      /"lease" and "probe: false" contradict/,
    ],
  ])('what contradicts itself: %s', (_, change, message) => {
    expect(made(change)).toThrow(message);
  });
});

it.each(['', 'a.b', 'a/b', 'ä', 7])('refuses ids of attempts that are no part of a key: %j', async (id) => {
  const store = blobStore({ ...options, newId: () => id as string }); // as untyped callers may
  await expect(store.sweep()).rejects.toThrow(
    new TypeError('blobStore: newId() must give letters, digits, "-" and "_", 64 of them at most'),
  );
});

it('a lease that does not say for how long is one of the usual length', () => {
  expect(settingsOf({ ...options, lease: {} }).lease).toBe(60_000);
});

it('a compact store refuses what needs records', async () => {
  const { records: _without, ...rest } = options;
  const compact = blobStore({ ...rest, compact: true } satisfies BlobStoreOptions<{ id: string }>);
  const request = {
    scope: 'a',
    idempotencyKey: 'b',
    body: new Uint8Array(),
    row: () => ({}),
    respond: () => null,
  };
  await expect(compact.replace({ ...request, id: 'x' })).rejects.toThrow(/"replace".*compact/);
  await expect(compact.remove({ ...request, id: 'x' })).rejects.toThrow(/"remove".*compact/);
  await expect(compact.retire()).rejects.toThrow(/"retire".*compact/);
  await expect(compact.create({ ...request, id: 'x' })).rejects.toThrow(/"id".*compact/);
  await expect(compact.create({ ...request, also: () => [] })).rejects.toThrow(/"also".*compact/);
});
