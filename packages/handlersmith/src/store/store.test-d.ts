import { describe, expectTypeOf, it } from 'vitest';

import {
  type BlobReference,
  blobStore,
  type BlobStore,
  type CreateInput,
  type OpenedBlob,
  type StoredRow,
} from './index.ts';

const options = { bucket: 'photos', table: 'photos', records: { table: 'writes' } };
const store = blobStore({ ...options, rowKey: (id, scope) => ({ pk: scope, sk: id }) });
const request = { scope: 'tenant', idempotencyKey: 'key' };
const body = new Uint8Array();

describe('blobStore', () => {
  it('takes the type of keys from rowKey', () => {
    expectTypeOf(store).toEqualTypeOf<BlobStore<{ pk: string; sk: string }>>();
  });

  it('takes an interface for a key, and refuses one that is none', () => {
    interface PhotoKey {
      readonly id: string;
    }
    const photos = blobStore({ ...options, rowKey: (id): PhotoKey => ({ id }) });
    expectTypeOf(photos).toEqualTypeOf<BlobStore<PhotoKey>>();
    // @ts-expect-error -- no table has such a key
    blobStore({ ...options, rowKey: () => ({ taken: new Date() }) });
  });

  it('tells respond() of the row, its key and its blob, and gives the JSON of what it says', async () => {
    const result = await store.create({
      ...request,
      body,
      row: (blob, { id, startedAt }) => {
        expectTypeOf(blob).toEqualTypeOf<BlobReference>();
        expectTypeOf(id).toEqualTypeOf<string>();
        expectTypeOf(startedAt).toEqualTypeOf<Date>();
        return { size: blob.size, title: 'sea' };
      },
      respond: (row) => {
        expectTypeOf(row.size).toEqualTypeOf<number>();
        expectTypeOf(row.sk).toEqualTypeOf<string>();
        expectTypeOf(row.blob).toEqualTypeOf<BlobReference>();
        // @ts-expect-error -- no such attribute
        void row.titel;
        return { id: row.sk, at: new Date(0), gone: undefined };
      },
      also: (row) => [{ Put: { Item: { title: { S: row.title } } } }],
    });
    expectTypeOf(result.response.id).toEqualTypeOf<string>();
    expectTypeOf(result.response.at).toEqualTypeOf<string>();
    expectTypeOf(result.status).toEqualTypeOf<'written' | 'replayed'>();
    expectTypeOf(result.blob).toEqualTypeOf<BlobReference>();
  });

  it('takes what run has as it is: a header that may be missing, signal, remaining', () => {
    const header = undefined as string | undefined;
    const signal = undefined as AbortSignal | undefined;
    const input = { ...request, idempotencyKey: header, signal, remaining: () => 1, body };
    expectTypeOf(store.create({ ...input, row: () => ({}), respond: () => null })).resolves.toHaveProperty(
      'response',
    );
  });

  it('takes bytes and streams, and no text', () => {
    type Body = CreateInput<{ pk: string }, object, unknown>['body'];
    expectTypeOf<Uint8Array>().toExtend<Body>();
    expectTypeOf<Buffer>().toExtend<Body>();
    expectTypeOf<NodeJS.ReadableStream & AsyncIterable<Uint8Array>>().toExtend<Body>();
    expectTypeOf<{ stream: AsyncIterable<Uint8Array>; length: number }>().toExtend<Body>();
    expectTypeOf<string>().not.toExtend<Body>();
  });

  it('demands the id of the row to replace or remove', () => {
    expectTypeOf<Parameters<(typeof store)['replace']>[0]['id']>().toEqualTypeOf<string>();
    expectTypeOf<Parameters<(typeof store)['remove']>[0]['id']>().toEqualTypeOf<string>();
  });

  it('gives what was removed, of which nothing is known but key and blob', async () => {
    const { response, blob } = await store.remove({
      ...request,
      id: 'a',
      respond: (row) => {
        expectTypeOf(row).toEqualTypeOf<StoredRow<{ pk: string; sk: string }>>();
        expectTypeOf(row['title']).toEqualTypeOf<unknown>();
        return { was: row.sk };
      },
    });
    expectTypeOf(response).toEqualTypeOf<{ was: string }>();
    expectTypeOf(blob).toEqualTypeOf<BlobReference | undefined>();
  });

  it('tells of an upload what it was begun with, and gives the JSON of its answer', async () => {
    const { response } = await store.completeUpload({
      ...request,
      row: (blob, { id, fields }) => {
        expectTypeOf(id).toEqualTypeOf<string>();
        expectTypeOf(fields).toEqualTypeOf<unknown>();
        return { size: blob.size };
      },
      respond: (row) => ({ id: row.sk, size: row.size, at: new Date(0) }),
    });
    expectTypeOf(response).toEqualTypeOf<{ id: string; size: number; at: string }>();
    const begun = await store.beginUpload({ ...request, size: 1, sha256: '' });
    if (begun.status === 'upload') expectTypeOf(begun.url).toEqualTypeOf<string>();
    else expectTypeOf(begun.blob).toEqualTypeOf<BlobReference>();
  });

  it('opens what it wrote', () => {
    type Open = (typeof store)['open'];
    expectTypeOf<Open>().returns.resolves.toEqualTypeOf<OpenedBlob>();
    expectTypeOf<BlobReference>().toExtend<Parameters<Open>[0]['blob']>();
  });

  it('refuses options it does not know', () => {
    // @ts-expect-error -- misspelt
    const made = blobStore({ ...options, rowKey: (id: string) => ({ id }), probes: true });
    expectTypeOf(made).toExtend<BlobStore<{ id: string }>>();
  });
});
