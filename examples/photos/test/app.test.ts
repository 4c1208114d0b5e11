/**
 * The whole app, played from its template: what many clients do at once, read back from the servers.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { upload, uploaded } from '../local/client.ts';
import { digestOf, type Look, lookInto } from '../local/look.ts';
import { rings } from '../local/pictures.ts';
import { type LocalPhotos, startPhotos } from '../local/start.ts';
import { type Photo, PhotoRow } from '../src/schemas.ts';

let photos: LocalPhotos;
let look: Look;
beforeAll(async () => {
  photos = await startPhotos({ watch: false });
  look = lookInto(photos.local);
});
afterAll(async () => {
  look.close();
  await photos.stop();
});

const PHOTOS = 3;

test('each of three photos, all sent three times at once, is there once: file, row, thumbnail, mail, colour', async () => {
  const { bytes } = await rings();
  const keys = Array.from({ length: PHOTOS }, (_, index) => `key-${index}`);
  const sent = keys.flatMap((key, index) => {
    // What follows the end of a picture does not change it, but its bytes are others.
    const picture = { name: `photo ${index}`, bytes: new Uint8Array([...bytes, index]) };
    return [1, 2, 3].map(async () => ({ key, answer: await upload(photos.url, picture, key) }));
  });
  const answers = await Promise.all(sent);
  const made = new Map<string, Photo>();
  for (const { key, answer } of answers) {
    const photo = uploaded(key, answer);
    expect(made.get(key) ?? photo).toEqual(photo);
    made.set(key, photo);
  }
  expect(new Set([...made.values()].map(({ id }) => id)).size).toBe(PHOTOS);

  await expect
    .poll(async () => (await look.rows()).filter(({ colour }) => colour !== undefined).length, {
      timeout: 25_000,
    })
    .toBe(PHOTOS);
  await expect.poll(() => look.mails().length).toBe(PHOTOS);
  const rows = (await look.rows()).map((row) => PhotoRow.parse(row));
  expect(rows).toHaveLength(PHOTOS);
  for (const { blob, thumbnail } of rows) {
    // oxlint-disable-next-line no-await-in-loop -- three of them
    expect(digestOf(await look.bytes(blob.key))).toBe(blob.sha256);
    expect(thumbnail).toMatchObject({ width: 240, height: 320 });
  }
  expect((await look.objects('blobs/')).length).toBe(PHOTOS);
  expect((await look.objects('thumbs/')).length).toBe(PHOTOS);
  expect(new Set(look.mails().map(({ subject }) => subject)).size).toBe(PHOTOS);
  expect(photos.local.journal.entries().filter(({ result }) => result?.ok === false)).toEqual([]);
  for (const id of ['BrokenPhotos', 'LostChanges', 'DeadThumbnails', 'FailedRuns'])
    expect([id, look.queue(id).messages()]).toEqual([id, []]);
});
