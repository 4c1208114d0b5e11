/**
 * What the look at real services asks of the store.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';

import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { BlobReference, BlobStore } from '../../../src/store/index.ts';
import { writeName } from '../../../src/store/names.ts';

/** What was written, to be deleted at the end. */
export interface Smoked {
  readonly scope: string;
  readonly key: string;
  readonly id: string;
  readonly blob: string | undefined;
}

export interface SmokeStep {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** The key of a record. */
export function recordsOf(scope: string, key: string): Record<string, AttributeValue> {
  return { pk: { S: `write#${writeName(scope, key)}` }, sk: { S: 'record' } };
}

/** Bytes of a part, and some. */
const TWO_PARTS = 9 * 1024 ** 2;

type Row = { readonly id: string; readonly title: string; readonly blob: BlobReference };

const body = (text: string): Uint8Array => new TextEncoder().encode(text);

/** @param written - gets what each step writes */
export function smoke(store: BlobStore<{ id: string }>, written: Smoked[]): readonly SmokeStep[] {
  const scope = `smoke-${randomUUID()}`;
  const request = (key: string, title = 'a') => ({
    scope,
    idempotencyKey: key,
    row: () => ({ title }),
    respond: ({ id, title: answered }: Row) => ({ id, title: answered }),
  });
  const keep = <Result extends { readonly id: string; readonly blob: BlobReference | undefined }>(
    key: string,
    result: Result,
  ): Result => {
    written.push({ scope, key, id: result.id, blob: result.blob?.key });
    return result;
  };
  return [
    {
      name: 'a write, its replay, and the bytes',
      run: async () => {
        const first = keep('one', await store.create({ ...request('one'), body: body('one') }));
        const second = await store.create({ ...request('one'), body: body('one') });
        assert.deepEqual([first.status, second.status], ['written', 'replayed']);
        assert.deepEqual(second.response, first.response);
        const opened = await store.open({ blob: first.blob });
        assert.equal(new TextDecoder().decode(await opened.bytes()), 'one');
      },
    },
    {
      name: 'another request under the same key is refused',
      run: () =>
        assert.rejects(store.create({ ...request('one'), body: body('other') }), { name: 'KeyReused' }),
    },
    {
      name: 'eight at once take effect once',
      run: async () => {
        const writes = Array.from({ length: 8 }, () =>
          store.create({ ...request('many'), body: body('many') }),
        );
        const results = await Promise.all(writes);
        const [first] = results;
        if (first !== undefined) keep('many', first);
        assert.equal(results.filter(({ status }) => status === 'written').length, 1);
      },
    },
    {
      name: 'a stream in parts, completed twice',
      run: async () => {
        async function* stream(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < TWO_PARTS; at += 1024 ** 2)
            // oxlint-disable-next-line no-await-in-loop -- a source that takes its time
            yield await Promise.resolve(new Uint8Array(1024 ** 2));
        }
        const first = keep('parts', await store.create({ ...request('parts'), body: stream() }));
        assert.equal(first.blob.size, TWO_PARTS);
        assert.equal((await store.create({ ...request('parts'), body: stream() })).status, 'replayed');
      },
    },
    {
      name: 'an upload by the client: the signed headers count, and 412 means that it is there',
      run: async () => {
        const bytes = body('uploaded');
        const begun = await store.beginUpload({
          scope,
          idempotencyKey: 'upload',
          operation: 'upload',
          size: bytes.byteLength,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        });
        if (begun.status !== 'upload') throw new Error('begun before, and nobody has');
        const put = async (content: Uint8Array): Promise<number> =>
          (await fetch(begun.url, { method: 'PUT', headers: begun.headers, body: new Uint8Array(content) }))
            .status;
        assert.equal(await put(body('otherwise')), 403, 'other bytes, of another length');
        assert.equal(await put(body('uploadeD')), 400, 'other bytes, of the same length');
        assert.equal(await put(bytes), 200);
        assert.equal(await put(bytes), 412);
        keep('upload', await store.completeUpload({ ...request('upload'), operation: 'upload' }));
      },
    },
    {
      name: 'replaced, removed, and the create asked for once more',
      run: async () => {
        const id = `row-${randomUUID()}`;
        const create = { ...request('row'), id, body: body('first') };
        keep('row', await store.create(create));
        keep('replaced', await store.replace({ ...request('replaced', 'b'), id, body: body('second') }));
        keep('removed', await store.remove({ scope, idempotencyKey: 'removed', id, respond: () => null }));
        assert.equal((await store.create(create)).status, 'replayed');
      },
    },
    {
      name: 'a sweep with no grace leaves alone what rows refer to',
      run: async () => {
        const { live, deleted } = await store.sweep({ grace: 0 });
        assert.ok(live >= 3, `${live} are referred to`);
        process.stdout.write(`        ${live} live, ${deleted} orphans deleted\n`);
      },
    },
  ];
}
