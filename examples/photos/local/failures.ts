/**
 * What goes wrong, how often it is tried, where it ends, and how it comes back.
 *
 * @module
 */
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalApp } from '@handlersmith/local';

import { type Photo, PhotoRow } from '../src/schemas.ts';
import { upload, uploaded } from './client.ts';
import type { Look } from './look.ts';
import { halfOf } from './pictures.ts';
import type { LocalPhotos } from './start.ts';
import { bytesText, chapter, expectSame, milliseconds, readBack, tell, until } from './story.ts';
import type { Uploads } from './uploads.ts';

const MINUTE = 60_000;

export async function brokenPhoto(
  { local, url }: LocalPhotos,
  look: Look,
  { pictures }: Uploads,
): Promise<Photo> {
  chapter('A photo that breaks off half-way: three tries, then put aside');
  const half = halfOf(pictures.hills);
  const photo = uploaded(half.name, await upload(url, half, 'demo-half'));
  tell(`${half.name}, ${bytesText(half.bytes.length)} → 201: it begins as a JPEG, and it is kept`);
  const tries = () => look.ended('Thumbnail').filter(({ event }) => event.includes(photo.sha256));
  for (const [attempt, wait] of [MINUTE, 2 * MINUTE, 0].entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const ended = await until(`try ${attempt + 1}`, tries, ({ length }) => length === attempt + 1);
    const result = ended.at(-1)?.result;
    expectSame(`try ${attempt + 1}`, result?.ok, false);
    tell(
      `try ${attempt + 1}: ${failureOf(result)}, ${milliseconds(result?.duration ?? 0)}${wait > 0 ? `; the clock moves on by ${wait / MINUTE} min` : ''}`,
    );
    local.clock.advance(wait);
  }
  const queue = look.queue('BrokenPhotos');
  const [put] = await until(
    'the event in BrokenPhotos',
    () => queue.messages(),
    ({ length }) => length === 1,
  );
  const { requestContext, requestPayload } = JSON.parse(put?.body ?? '{}') as {
    requestContext: { condition: string; approximateInvokeCount: number };
    requestPayload: { Records: { s3: { object: { size: number } } }[] };
  }; // what Lambda sends to a destination
  expectSame(
    'why',
    [requestContext.condition, requestContext.approximateInvokeCount],
    ['RetriesExhausted', 3],
  );
  expectSame('of what', requestPayload.Records[0]?.s3.object.size, half.bytes.length);
  expectSame('its thumbnail', PhotoRow.parse(await look.row(photo.id)).thumbnail, undefined);
  readBack(
    'the queue BrokenPhotos has the event, with RetriesExhausted after 3 tries; the row has no thumbnail',
  );
  return photo;
}

export async function poisonedMessage(
  photos: LocalPhotos,
  look: Look,
  { hills, rings }: Uploads,
): Promise<void> {
  const { local } = photos;
  chapter(
    'A message that cannot be handled: its neighbour is, it ends in the dead-letter queue, and comes back',
  );
  const { thumbnail } = PhotoRow.parse(await look.row(rings.id));
  const key = thumbnail?.key ?? '';
  const kept = await look.bytes(key);
  await look.remove(key);
  await look.strip(rings.id, 'colour');
  tell(`somebody deletes the thumbnail of ${rings.name}; then a message comes for each photo`);
  const { url } = look.queue('Thumbnails');
  const lying = (id: 'DeadThumbnails' | 'Thumbnails') => look.queue(id).messages();
  const before = look.ended('Worker').length;
  const runs = () => look.ended('Worker').slice(before);
  await send(local, url, [hills, rings]);
  await until(
    'the first try',
    () => [failedOf(runs()), lying('Thumbnails').length, look.queue('Thumbnails').counts['in flight']],
    (found) => found.every((count) => count === 1),
  );
  tell('try 1: the one for hills.jpg is done and gone, the other failed and stays');
  for (const attempt of [2, 3]) {
    local.clock.advance(MINUTE + 1000);
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    await until(
      `try ${attempt}`,
      () => runs().at(-1)?.attempt,
      (last) => last === attempt,
    );
    tell(`try ${attempt}: a minute of the clock later, failed again`);
  }
  local.clock.advance(MINUTE + 1000);
  const [body] = await until(
    'a message in DeadThumbnails',
    () => lying('DeadThumbnails').map((message) => message.body),
    ({ length }) => length === 1,
  );
  expectSame('the message', body, messageOf(rings));
  expectSame('messages in Thumbnails', lying('Thumbnails').length, 0);
  readBack('the queue DeadThumbnails has the message, unchanged, after 3 receives; Thumbnails is empty');

  await look.put(key, kept);
  const answer = await fetch(
    `${photos.page.endpoint}/api/queues/${look.queue('DeadThumbnails').name}/redrive`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${photos.page.token}` },
    },
  );
  expectSame('status of the redrive', answer.status, 200);
  tell('the thumbnail is put back, and the dead-letter queue is redriven from the page');
  const row = await until(
    'the colour',
    () => look.row(rings.id),
    (found) => found?.['colour'] !== undefined,
  );
  await until(
    'empty queues',
    () => lying('Thumbnails').length + lying('DeadThumbnails').length,
    (length) => length === 0,
  );
  readBack(`both queues are empty, and ${rings.name} has its colour again: ${String(row?.['colour'])}`);
}

function messageOf({ id }: Photo): string {
  return JSON.stringify({ photoId: id, thumbnailKey: `thumbs/${id}.webp` });
}

async function send({ aws }: LocalApp, url: string, photos: readonly Photo[]): Promise<void> {
  const client = new SQSClient(aws.sqs.clientConfig);
  const Entries = photos.map((photo, index) => ({ Id: String(index), MessageBody: messageOf(photo) }));
  await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  client.destroy();
}

function failedOf(runs: ReturnType<Look['ended']>): number {
  return runs
    .flatMap(({ result }) =>
      result.ok ? [JSON.parse(String(result.payload)) as { batchItemFailures: unknown[] }] : [],
    ) // the worker's own answer
    .reduce((sum, { batchItemFailures }) => sum + batchItemFailures.length, 0);
}

function failureOf(result: ReturnType<Look['ended']>[number]['result'] | undefined): string {
  return result === undefined || result.ok ? 'no failure' : result.error.errorMessage;
}
