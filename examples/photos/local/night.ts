/**
 * What runs while everybody sleeps: the report, the removal of what is no longer needed.
 *
 * @module
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { LocalApp } from '@handlersmith/local';
import { blobStore, OutcomeUnknown } from 'handlersmith/store';

import { BLOBS } from '../src/album.ts';
import { type Photo, PhotoRow } from '../src/schemas.ts';
import { ask } from './client.ts';
import type { Look } from './look.ts';
import type { LocalPhotos } from './start.ts';
import { bytesText, chapter, expectSame, milliseconds, readBack, tell, until } from './story.ts';
import type { Uploads } from './uploads.ts';

export async function nightlyReport({ local }: LocalPhotos, look: Look, broken: Photo): Promise<void> {
  chapter('The clock moves to the night: the report, once');
  const nightly = local.schedules.get('Nightly');
  const slot = nightly?.next() ?? new Date(0);
  const rows = (await look.rows()).map((row) => PhotoRow.parse(row));
  local.clock.moveTo(slot);
  const [run] = await until(
    'the report',
    () => look.ended('Report'),
    ({ length }) => length > 0,
  );
  expectSame('the run', run?.result.ok, true);
  const [written] = await look.objects('reports/');
  const key = `reports/${slot.toISOString().slice(0, 10)}.json`;
  expectSame('the report', written?.key, key);
  const text = Buffer.from(await look.bytes(key)).toString();
  const report = JSON.parse(text) as { photos: number; bytes: number; withoutThumbnail: string[] }; // as src/report.ts writes it
  const bytes = rows.reduce((sum, { blob }) => sum + blob.size, 0);
  expectSame(
    'what it says',
    [report.photos, report.bytes, report.withoutThumbnail],
    [rows.length, bytes, [broken.id]],
  );
  tell(`${slot.toISOString()}: ${key} in ${milliseconds(run?.result.duration ?? 0)}`);
  readBack(
    `the report counts ${report.photos} photos of ${bytesText(report.bytes)}, and the one without a thumbnail`,
  );

  local.clock.advance(5000);
  await nightly?.fire(slot);
  expectSame(
    'runs',
    look.ended('Report').map(({ result }) => result.ok),
    [true, true],
  );
  expectSame('when it was written', (await look.objects('reports/'))[0]?.modifiedAt, written?.modifiedAt);
  readBack('the schedule fires the same night once more: the report is the one that was written before');
}

/** What is left in S3 without a row. */
export interface Leftovers {
  /** Of a photo that was removed. */
  readonly removed: string;
  /** Of an upload that died. */
  readonly orphan: string;
}

export async function leftovers(
  { local, url }: LocalPhotos,
  look: Look,
  { hills, pictures }: Uploads,
): Promise<Leftovers> {
  chapter('A photo is removed, and an upload dies between S3 and DynamoDB');
  const { blob, thumbnail } = PhotoRow.parse(await look.row(hills.id));
  const answer = await ask(`${url}/photos/${hills.id}`, { method: 'DELETE' });
  expectSame('status of the removal', answer.status, 204);
  expectSame('its row', await look.row(hills.id), undefined);
  expectSame('status after it', (await ask(`${url}/photos/${hills.id}`)).status, 404);
  await until(
    'the end of its thumbnail',
    () => look.objects(thumbnail?.key ?? ''),
    ({ length }) => length === 0,
  );
  tell(`DELETE ${hills.name} → 204 in ${milliseconds(answer.took)}`);
  readBack(
    'its row is gone, and the stream has removed its thumbnail; its file stays for those who are reading it',
  );
  const orphan = await dieHalfWay(local, look, pictures.rings.bytes);
  const keys = (await look.objects(BLOBS)).map(({ key }) => key);
  expectSame('leftovers in S3', [keys.includes(blob.key), keys.includes(orphan)], [true, true]);
  readBack(
    `S3 has ${keys.length} files, DynamoDB has ${(await look.rows()).length} rows: two files are left over`,
  );
  return { removed: blob.key, orphan };
}

export async function sweeping(
  { local, url }: LocalPhotos,
  look: Look,
  { rings, pictures }: Uploads,
  { removed, orphan }: Leftovers,
): Promise<void> {
  chapter('The sweep, two nights: what nobody needs goes, what may still be needed stays');
  const schedule = local.schedules.get('AfterTheReport');
  const sweeps = () => look.ended('Sweep');
  for (const [night, expected] of [[orphan], []].entries()) {
    local.clock.moveTo(schedule?.next() ?? 0);
    // oxlint-disable-next-line no-await-in-loop -- one night after the other
    const runs = await until('the sweep', sweeps, ({ length }) => length === night + 1);
    expectSame('the sweep', runs[night]?.result.ok, true);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const keys = new Set((await look.objects(BLOBS)).map(({ key }) => key));
    expectSame(
      'leftovers',
      [removed, orphan].filter((key) => keys.has(key)),
      expected,
    );
    const what =
      night === 0
        ? 'the file of the removed photo is gone'
        : 'the file of the dead upload is gone, a day after its day';
    tell(
      `${new Date(local.clock.now()).toISOString()}: ${what}, in ${milliseconds(runs[night]?.result.duration ?? 0)}`,
    );
  }
  const after = (await look.objects(BLOBS)).map(({ key }) => key);
  const kept = (await look.rows()).map((row) => PhotoRow.parse(row).blob.key);
  expectSame('files and rows', after.toSorted(), kept.toSorted());
  const image = await ask(`${url}/photos/${rings.id}/image`);
  expectSame('the other photo', Buffer.from(image.body).equals(pictures.rings.bytes), true);
  readBack(`S3 has ${after.length} files, each with its row; ${rings.name} is whole, byte for byte`);
}

/** Does what the API does, and loses the database at the worst moment. Gives the key of what it leaves behind. */
async function dieHalfWay({ aws, clock }: LocalApp, look: Look, body: Uint8Array): Promise<string> {
  const known = new Set((await look.objects(BLOBS)).map(({ key }) => key));
  const s3 = new S3Client(aws.s3.clientConfig);
  const dynamodb = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      async (input) => {
        if (commandName === 'TransactWriteItemsCommand') throw new Error('the power went off');
        return next(input);
      },
    { step: 'initialize' },
  );
  const album = blobStore({
    bucket: look.bucket,
    table: look.photosTable,
    records: { table: look.recordsTable },
    prefix: BLOBS,
    rowKey: (id) => ({ id }),
    limits: { attempts: 1 },
    now: () => clock.now(),
    s3,
    dynamodb,
  });
  const died = await album
    .create({ scope: 'album', idempotencyKey: 'demo-died', body, row: () => ({}), respond: () => null })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  s3.destroy();
  dynamodb.destroy();
  if (!(died instanceof OutcomeUnknown)) throw new Error('The upload was to die half-way', { cause: died });
  const left = (await look.objects(BLOBS)).filter(({ key }) => !known.has(key));
  expectSame('files left behind', left.length, 1);
  return left[0]?.key ?? '';
}
