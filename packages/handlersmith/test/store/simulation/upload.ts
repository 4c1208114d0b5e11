/**
 * An upload by the client itself: begun, put, completed; or completed by what S3 tells of it.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { BlobReference, WriteResult } from '../../../src/store/index.ts';
import { Gone } from './faults.ts';
import type { Task } from './task.ts';
import { type Answer, type Ask, bodyOf, entryOf, type RowName, type Setting } from './writes.ts';

/** What a client comes back from, and begins again. */
class UploadFailed extends Error {
  override readonly name = 'UploadFailed';
}

/** Uploads once. */
export async function upload(
  { store, scope }: Setting,
  what: Ask,
  task: Task,
): Promise<WriteResult<Answer, BlobReference | undefined>> {
  const bytes = bodyOf(what);
  const request = {
    scope,
    idempotencyKey: what.key,
    operation: 'upload',
    signal: task.controller.signal,
    remaining: () => task.remaining,
  };
  const drafting = {
    row: () => ({ title: what.payload }),
    respond: (row: RowName & { title: string; blob: BlobReference }): Answer => ({
      id: row.id,
      title: row.title,
      blob: row.blob.key,
    }),
    also: (row: RowName & { blob: BlobReference }) => [entryOf(what, row, row.blob.key)],
  };
  const begun = await store.beginUpload({
    ...request,
    fields: { payload: what.payload },
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  // What was answered when it was completed, by the function above.
  if (begun.status === 'committed')
    return { ...begun, status: 'replayed', response: begun.response as Answer };

  const url = new URL(begun.url);
  const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
  try {
    await task.simulation.direct({
      task,
      service: 's3',
      command: 'PutObject',
      input: { Bucket: url.pathname.split('/')[1], Key: key },
      send: () => put(begun.url, begun.headers, bytes),
    });
  } catch (error) {
    // A client that is gone does not begin again.
    if (error instanceof Gone) return new Promise(() => undefined);
    throw new UploadFailed('The put came to nothing', { cause: error });
  }
  if (what.told !== true) return store.completeUpload({ ...request, ...drafting });
  const { idempotencyKey: _, scope: __, ...timing } = request;
  const result = await store.onObjectCreated({ key }, { ...timing, ...drafting });
  if (result === undefined) throw new UploadFailed('S3 told of an upload that nobody knows');
  return result;
}

/** A put that is refused because the bytes are there is as good as done. */
async function put(url: string, headers: Readonly<Record<string, string>>, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  await answer.arrayBuffer();
  if (!answer.ok && answer.status !== 412) throw new UploadFailed(`The put was answered ${answer.status}`);
}
