/**
 * Uploads: good ones, one that comes twice, and those that are refused.
 *
 * @module
 */
import { PhotoRow, type Photo } from '../src/schemas.ts';
import { detailOf, upload, uploaded } from './client.ts';
import { digestOf, type Look } from './look.ts';
import { hills, noPicture, type Picture, rings } from './pictures.ts';
import { bytesText, chapter, expectSame, milliseconds, readBack, tell } from './story.ts';

export interface Uploads {
  readonly hills: Photo;
  readonly rings: Photo;
  readonly pictures: { readonly hills: Picture; readonly rings: Picture };
}

/** Keys of the requests that are retried. */
const KEY = { hills: 'demo-hills', rings: 'demo-rings' } as const;

export async function uploads(url: string, look: Look): Promise<Uploads> {
  const pictures = { hills: await hills(), rings: await rings() };

  chapter('Two photos are uploaded: POST /photos, each with an Idempotency-Key');
  const first = await upload(url, pictures.hills, KEY.hills);
  const second = await upload(url, pictures.rings, KEY.rings);
  const made = {
    hills: uploaded(pictures.hills.name, first),
    rings: uploaded(pictures.rings.name, second),
    pictures,
  };
  const start = look.ended('Api')[0]?.result.initDuration ?? 0;
  tell(
    `${described(pictures.hills)} → 201 in ${milliseconds(first.took)}, ${milliseconds(start)} of it a cold start`,
  );
  tell(`${described(pictures.rings)} → 201 in ${milliseconds(second.took)}`);
  await expectStored(look, made.hills, pictures.hills);
  await expectStored(look, made.rings, pictures.rings);
  readBack(
    'S3 has both files, byte for byte; DynamoDB has two rows that refer to them, and two records of writes',
  );
  expectSame('blobs, rows, writes', await counts(look), [2, 2, 2]);

  chapter('The first answer is lost on the way, say: the same request again');
  const again = await upload(url, pictures.hills, KEY.hills);
  tell(`${pictures.hills.name} → ${again.status} in ${milliseconds(again.took)}, Idempotency-Replayed: true`);
  expectSame('Idempotency-Replayed', again.headers.get('idempotency-replayed'), 'true');
  expectSame('the first answer', Buffer.from(again.body).equals(first.body), true);
  expectSame('blobs, rows, writes', await counts(look), [2, 2, 2]);
  readBack(`the same ${bytesText(again.body.length)} were answered; still two files, two rows, two records`);

  chapter('The same key for another file, and files that are no photos');
  const other = await upload(url, pictures.rings, KEY.hills);
  expectSame('status of another file under the same key', other.status, 422);
  tell(`${pictures.rings.name} under the key of ${pictures.hills.name} → 422 ${detailOf(other)}`);
  const text = await upload(url, noPicture(), 'demo-text');
  expectSame('status of a text', text.status, 415);
  tell(`${described(noPicture())} → 415 ${detailOf(text)}`);
  const keyless = await upload(url, pictures.rings, '');
  expectSame('status without a key', keyless.status, 400);
  tell(`${pictures.rings.name} without a key → 400 ${detailOf(keyless)}`);
  expectSame('blobs, rows, writes', await counts(look), [2, 2, 2]);
  readBack('nothing of them is in S3 or DynamoDB');
  return made;
}

async function expectStored(look: Look, photo: Photo, { name, bytes }: Picture): Promise<void> {
  const { blob } = PhotoRow.parse(await look.row(photo.id));
  const stored = await look.bytes(blob.key);
  expectSame(`bytes of ${name} in S3`, digestOf(stored), digestOf(bytes));
  expectSame(`what the row says of ${name}`, [blob.size, blob.sha256], [bytes.length, digestOf(bytes)]);
}

async function counts(look: Look): Promise<number[]> {
  return [(await look.objects('blobs/')).length, (await look.rows()).length, await look.writes()];
}

function described({ name, bytes }: Picture): string {
  return `${name}, ${bytesText(bytes.length)}`;
}
