import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { digest } from './names.ts';
import { notSent, type Servers, startServers } from './servers.fixture.ts';
import { blobStore } from './store.ts';
import type { BlobBody } from './types.ts';
import { bytesOf, freshKey, photo } from './write.fixture.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => servers.reset());

const store = (more: object = {}) => blobStore({ ...servers.options, ...more });
const BODY = 'a photo';
const CHECKED = { length: BODY.length, sha256: digest(BODY) };

/** What becomes of a stream that a write does not read. */
const refusals: [what: string, write: (stream: AsyncIterable<Uint8Array>) => Promise<unknown>][] = [
  ['there is no key', (stream) => store().create({ ...photo(undefined), body: stream })],
  [
    'the request makes no sense',
    (stream) => store().create({ ...photo(freshKey()), scope: '', body: stream }),
  ],
  [
    'its length makes no sense',
    (stream) => store().create({ ...photo(freshKey()), body: { stream, length: -1 } }),
  ],
  [
    'it is too large',
    (stream) =>
      store({ limits: { maxBytes: 1 } }).create({ ...photo(freshKey()), body: { stream, length: 2 } }),
  ],
  ['there is no row', (stream) => store().replace({ ...photo(freshKey()), id: 'nobody', body: stream })],
  ['time is short', (stream) => store().create({ ...photo(freshKey()), body: stream, remaining: () => 0 })],
  [
    'nobody knows',
    (stream) => {
      servers.faults.push(notSent, notSent, notSent);
      return store().create({ ...photo(freshKey()), body: stream });
    },
  ],
  [
    'the write was done before',
    async (stream) => {
      const key = freshKey();
      await store().create(photo(key, BODY));
      return store().create({ ...photo(key), body: { stream, ...CHECKED } });
    },
  ],
  [
    'its key was used before',
    async (stream) => {
      const key = freshKey();
      await store().create(photo(key, 'another'));
      return store().create({ ...photo(key), body: { stream, ...CHECKED } });
    },
  ],
];

describe('A3 a stream is closed, whatever comes of its write:', () => {
  it.each(refusals)('%s', async (_what, write) => {
    const node = Readable.from([bytesOf(BODY)]);
    await write(node).catch(() => undefined);
    expect(node.destroyed).toBe(true);

    let canceled = false;
    const web = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytesOf(BODY)),
      cancel: () => {
        canceled = true;
      },
    });
    await write(web).catch(() => undefined);
    expect(canceled).toBe(true);
  });

  it('all of it was read', async () => {
    const node = Readable.from([bytesOf(BODY)]);
    await store().create({ ...photo(freshKey()), body: node });
    expect(node.destroyed).toBe(true);
    const web = Readable.toWeb(Readable.from([bytesOf(BODY)])) as ReadableStream<Uint8Array>;
    await store().create({ ...photo(freshKey()), body: web });
    expect(web.locked).toBe(false);
  });

  it('one that keeps the write waiting, and the deadline ends the attempt', async () => {
    const controller = new AbortController();
    const node = new Readable({ read: () => setImmediate(() => controller.abort(new Error('time is up'))) });
    await expect(
      store().create({ ...photo(freshKey()), body: node, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(node.destroyed).toBe(true);
  });

  it('closing it fails', async () => {
    const failing: BlobBody = {
      stream: Object.assign(Readable.from([bytesOf(BODY)]), {
        destroy: () => {
          throw new Error('not now');
        },
      }),
    };
    await expect(store().create({ ...photo(undefined), body: failing })).rejects.toMatchObject({
      name: 'KeyMissing',
    });
    const web = new ReadableStream<Uint8Array>({ cancel: () => Promise.reject(new Error('not now')) });
    await expect(store().create({ ...photo(undefined), body: web })).rejects.toMatchObject({
      name: 'KeyMissing',
    });
  });
});

it('A3 nothing of a write or a read stays on the signal of its invocation', async () => {
  const { signal } = new AbortController();
  const patient = store({ limits: { retryDelay: 2, partSize: 5 * 1024 ** 2 } });
  const body = Readable.from(Array.from({ length: 6 }, () => new Uint8Array(1024 ** 2)));
  servers.faults.push(notSent, notSent);
  const { blob } = await patient.create({ ...photo(freshKey()), body, signal });
  await (await patient.open({ blob }, { signal })).bytes();
  servers.faults.push(notSent, notSent, notSent);
  await expect(patient.create({ ...photo(freshKey()), signal })).rejects.toMatchObject({ step: 'W1' });
  await patient.sweep({ grace: 0, signal });
  // The SDK takes its own away when a connection is free again.
  for (let waits = 0; waits < 50 && getEventListeners(signal, 'abort').length > 0; waits++)
    // oxlint-disable-next-line no-await-in-loop -- as above
    await setTimeout(20);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
