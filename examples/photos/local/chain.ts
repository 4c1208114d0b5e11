/**
 * What an upload sets off: S3 event, row, stream, mail, queue.
 *
 * @module
 */
import type { JournalEntry } from '@handlersmith/local';
import sharp from 'sharp';

import { type Photo, PhotoRow } from '../src/schemas.ts';
import { ask } from './client.ts';
import type { Look } from './look.ts';
import { bytesText, chapter, expectSame, milliseconds, readBack, tell, until } from './story.ts';
import type { Uploads } from './uploads.ts';

export async function chain(url: string, look: Look, { hills, rings }: Uploads): Promise<void> {
  chapter('Each file in the bucket becomes a thumbnail: S3 event, sharp, DynamoDB');
  for (const photo of [hills, rings]) {
    // oxlint-disable-next-line no-await-in-loop -- told one after the other
    const { thumbnail, width, height } = await rowWith(look, photo, 'thumbnail');
    if (thumbnail === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const [run] = await until(
      'the end of its run',
      () => look.ended('Thumbnail').filter(({ event }) => event.includes(photo.sha256)),
      ({ length }) => length > 0,
    );
    // oxlint-disable-next-line no-await-in-loop -- as above
    const image = await sharp(await look.bytes(thumbnail.key)).metadata();
    expectSame(
      'the thumbnail',
      [image.format, image.width, image.height],
      ['webp', thumbnail.width, thumbnail.height],
    );
    // oxlint-disable-next-line no-await-in-loop -- as above
    const got = await ask(`${url}/photos/${photo.id}/thumbnail`);
    expectSame('the thumbnail over HTTP', [got.status, got.body.length], [200, thumbnail.size]);
    tell(
      `${photo.name}: ${width}×${height}, ${bytesText(photo.size)} → ${thumbnail.width}×${thumbnail.height} WebP, ${bytesText(thumbnail.size)}, in ${durationOf(run)}`,
    );
  }
  readBack('S3 has two WebP files of that size, the rows know them, GET /photos/{id}/thumbnail gives them');

  chapter('New rows become mails, new thumbnails become messages: DynamoDB stream, SES, SQS');
  const mails = await until(
    'two mails',
    () => look.mails(),
    ({ length }) => length === 2,
  );
  for (const { subject, to, sentAt } of mails)
    tell(
      `mail to ${to.join(', ')}: “${subject}”, ${milliseconds(sentAt - Date.parse(uploadOf(subject, hills, rings)))} after the upload`,
    );
  expectSame(
    'subjects',
    mails.map(({ subject }) => subject).toSorted(),
    [hills, rings].map(({ name }) => `New photo: ${name}`).toSorted(),
  );
  for (const photo of [hills, rings]) {
    // oxlint-disable-next-line no-await-in-loop -- told one after the other
    const { colour } = await rowWith(look, photo, 'colour');
    tell(`worker: the colour of ${photo.name} is ${colour}`);
  }
  const queue = look.queue('Thumbnails');
  await until(
    'an empty queue',
    () => queue.messages().length,
    (length) => length === 0,
  );
  readBack('SES has two mails, the queue is empty, both rows have their colour');

  const listed = await ask(`${url}/photos?limit=1`);
  const page: unknown = JSON.parse(Buffer.from(listed.body).toString());
  const cursor = typeof page === 'object' && page !== null && 'cursor' in page ? String(page.cursor) : 'none';
  const rest = await ask(`${url}/photos?limit=1&cursor=${cursor}`);
  const names = [listed, rest]
    .map(({ body }) => Buffer.from(body).toString())
    .map((text) => /"name":"([^"]+)"/u.exec(text)?.[1]);
  expectSame('the album, two pages of one', names, [rings.name, hills.name]);
  readBack(`GET /photos lists them, the newest first, in pages: ${names.join(', then ')}`);
  // What a function caused may be done before the function itself is.
  const causes = await until(
    'the chain',
    () => causesOf(look),
    (found) => found.at(-1) === 'Api',
  );
  expectSame('the chain', causes, ['Worker', 'Changes', 'Thumbnail', 'Api']);
  readBack(`the journal knows what led to what: ${causes.toReversed().join(' → ')}`);
}

async function rowWith(
  look: Look,
  { id, name }: Photo,
  attribute: 'colour' | 'thumbnail',
): Promise<PhotoRow> {
  const row = await until(
    `the ${attribute} of ${name}`,
    () => look.row(id),
    (found) => found?.[attribute] !== undefined,
  );
  return PhotoRow.parse(row);
}

function uploadOf(subject: string, ...photos: readonly Photo[]): string {
  return photos.find(({ name }) => subject.endsWith(name))?.uploadedAt ?? '';
}

function durationOf(entry: Required<JournalEntry> | undefined): string {
  if (entry === undefined) return 'no time';
  const { duration, initDuration } = entry.result;
  return `${milliseconds(duration)}${initDuration === undefined ? '' : ` after a cold start of ${milliseconds(initDuration)}`}`;
}

/** From the worker's first run back to the request. A batch of changes may have several causes: the nearest counts. */
function causesOf(look: Look): string[] {
  const all = ['Changes', 'Thumbnail', 'Api'].flatMap((id) => look.ended(id));
  const names: string[] = [];
  let [entry] = look.ended('Worker');
  while (entry !== undefined) {
    names.push(entry.function);
    const { causes }: JournalEntry = entry;
    entry = all.find(({ requestId }) => causes.includes(requestId));
  }
  return names;
}
