/**
 * Each handler alone, against the events of `@handlersmith/testing`.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import {
  dynamoStreamEvent,
  invoke,
  request,
  s3Event,
  schedulerEvent,
  sqsEvent,
  type TestItem,
  type TestResponse,
} from '@handlersmith/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { halfOf, hills, noPicture, type Picture, rings } from '../local/pictures.ts';
import type * as Api from '../src/api.ts';
import type * as Changes from '../src/changes.ts';
import type { Files } from '../src/files.ts';
import type * as Report from '../src/report.ts';
import { type Photo, PhotoRow } from '../src/schemas.ts';
import type { PhotoTable } from '../src/table.ts';
import type * as ThumbnailFunction from '../src/thumbnail.ts';
import type * as Worker from '../src/worker.ts';
import { type Backend, startBackend } from './backend.fixture.ts';

interface Handlers {
  readonly api: typeof Api.handler;
  readonly thumbnail: typeof ThumbnailFunction.handler;
  readonly changes: typeof Changes.handler;
  readonly worker: typeof Worker.handler;
  readonly report: typeof Report.handler;
}

let backend: Backend;
let handlers: Handlers;
let table: PhotoTable;
let files: Files;
let photo: Picture;
let other: Picture;
const { signal } = new AbortController();

beforeAll(async () => {
  backend = await startBackend();
  // Only now: they read the environment when they are loaded, as in Lambda.
  const [api, thumbnail, changes, worker, report] = await Promise.all([
    import('../src/api.ts'),
    import('../src/thumbnail.ts'),
    import('../src/changes.ts'),
    import('../src/worker.ts'),
    import('../src/report.ts'),
  ]);
  handlers = {
    api: api.handler,
    thumbnail: thumbnail.handler,
    changes: changes.handler,
    worker: worker.handler,
    report: report.handler,
  };
  table = (await import('../src/table.ts')).photoTable();
  files = (await import('../src/files.ts')).files();
  [photo, other] = await Promise.all([rings(), hills()]);
});
afterAll(() => backend[Symbol.asyncDispose]());

let count = 0;
const upload = (
  picture: Picture,
  key: string | undefined = `key-${(count += 1)}`,
  name = picture.name,
): Promise<TestResponse> =>
  request(handlers.api, `POST /photos?name=${encodeURIComponent(name)}`, {
    body: picture.bytes,
    headers: { 'content-type': 'image/jpeg', ...(key !== '' && { 'idempotency-key': key }) },
  });
const uploaded = async (picture: Picture): Promise<PhotoRow> => {
  const made = await upload(picture);
  expect(made.status).toBe(201);
  return rowOf((made.json() as Photo).id);
};
const rowOf = async (id: string): Promise<PhotoRow> => PhotoRow.parse(await table.get(id, { signal }));
const created = ({ blob }: PhotoRow, { bytes }: Picture) =>
  s3Event([{ key: blob.key, body: bytes }], { bucket: blob.bucket });

const rowWith = (more: TestItem): TestItem => ({
  id: `p${(count += 1)}`,
  album: 'all',
  name: 'sea',
  uploadedAt: '2026-01-01T00:00:00.000Z',
  blob: { bucket: backend.bucket, key: 'k', size: 5, sha256: 'ab', contentType: 'image/png' },
  ...more,
});
const messages = () => {
  const name = backend.app.queues.find(({ id }) => id === 'Thumbnails')?.name ?? '';
  return backend.aws.sqs.queue(name)?.messages() ?? [];
};

describe('an upload', () => {
  test.each<[what: string, picture: () => Picture, key: string, status: number]>([
    ['that is a text with the name of a photo', noPicture, 'bad-1', 415],
    ['without bytes', () => ({ name: 'nothing.jpg', bytes: new Uint8Array() }), 'bad-2', 400],
    ['without a key', () => other, '', 400],
    ['with a key that is none', () => other, 'a, b', 400],
    ['of 4.4 MB and a byte', () => ({ name: 'large.jpg', bytes: new Uint8Array(4_400_001) }), 'bad-3', 413],
  ])('%s is refused, and nothing of it is kept', async (_, picture, key, status) => {
    const before = await table.list({ limit: 100 }, { signal });
    const refused = await upload(picture(), key);
    expect([refused.status, refused.header('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await table.list({ limit: 100 }, { signal })).toEqual(before);
  });

  test('is there once, whoever retries it, and another file under its key is refused', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => upload(photo, 'again')));
    expect(new Set(answers.map((answer) => answer.text())).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await upload(other, 'again')).status).toBe(422);
    expect((await upload(photo, 'again', 'another name')).status).toBe(422);
    const { id } = (answers[0]?.json() ?? {}) as Photo;
    const image = await request(handlers.api, `GET /photos/${id}/image`);
    expect([image.status, image.header('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(image.bytes).equals(photo.bytes)).toBe(true);
  });

  test('can be removed, and a retry of the removal says so too', async () => {
    const { id } = await uploaded(photo);
    expect((await request(handlers.api, `DELETE /photos/${id}`)).status).toBe(204);
    expect((await request(handlers.api, `DELETE /photos/${id}`)).status).toBe(204);
    expect((await request(handlers.api, `GET /photos/${id}`)).status).toBe(404);
    expect((await request(handlers.api, `GET /photos/${id}/image`)).status).toBe(404);
    expect((await request(handlers.api, 'DELETE /photos/nobody')).status).toBe(404);
  });
});

test('the album is listed in pages, the newest first, and takes no cursor it never gave', async () => {
  const names: string[] = [];
  for (const name of ['one', 'two', 'three'])
    // oxlint-disable-next-line no-await-in-loop -- in their order
    names.unshift(((await upload(photo, undefined, name)).json() as Photo).name);
  const first = (await request(handlers.api, 'GET /photos?limit=2')).json() as {
    photos: Photo[];
    cursor: string;
  };
  const rest = (await request(handlers.api, `GET /photos?limit=1&cursor=${first.cursor}`)).json() as {
    photos: Photo[];
  };
  expect([...first.photos, ...rest.photos].map(({ name }) => name)).toEqual(names);
  expect((await request(handlers.api, 'GET /photos?cursor=b29wcw')).status).toBe(400);
});

describe('a file in the bucket', () => {
  test('that breaks off half-way fails, for Lambda to try it again', async () => {
    const half = halfOf(other);
    const row = await uploaded(half);
    await expect(invoke(handlers.thumbnail, created(row, half))).rejects.toThrow(
      'premature end of JPEG image',
    );
    expect((await rowOf(row.id)).thumbnail).toBeUndefined();
  });

  test('without a row yet fails, and leaves no thumbnail', async () => {
    const row = await uploaded(photo);
    await request(handlers.api, `DELETE /photos/${row.id}`);
    await expect(invoke(handlers.thumbnail, created(row, photo))).rejects.toThrow('There is no row');
    expect(await files.get(`thumbs/${row.id}.webp`, { signal })).toBeUndefined();
  });

  test('becomes a thumbnail that the row knows, however often it is told of', async () => {
    const row = await uploaded(photo);
    expect((await request(handlers.api, `GET /photos/${row.id}/thumbnail`)).status).toBe(404);
    await invoke(handlers.thumbnail, created(row, photo));
    await invoke(handlers.thumbnail, created(row, photo));
    const { thumbnail, width, height } = await rowOf(row.id);
    expect([width, height, thumbnail?.width, thumbnail?.height]).toEqual([900, 1200, 240, 320]);
    const answer = await request(handlers.api, `GET /photos/${row.id}/thumbnail`);
    expect(answer.header('content-type')).toBe('image/webp');
    expect((await sharp(answer.bytes).metadata()).width).toBe(240);
  });

  test('S7 of its own making, or of nobody, is left alone', async () => {
    const event = s3Event(['thumbs/a.webp', 'blobs/readme.txt'], { bucket: backend.bucket });
    // There are no such files: it would fail if it read one.
    await expect(invoke(handlers.thumbnail, event)).resolves.toBeUndefined();
  });
});

describe('a change of a row', () => {
  const thumbnail = { key: 'thumbs/x.webp', size: 1, width: 2, height: 3 };

  test('D5 sends one mail for a new photo, however often it is delivered', async () => {
    const event = dynamoStreamEvent([{ type: 'insert', after: rowWith({}) }]);
    await invoke(handlers.changes, event);
    await invoke(handlers.changes, event);
    expect(backend.aws.ses.mails()).toMatchObject([{ subject: 'New photo: sea', to: ['owner@example.com'] }]);
  });

  test('sends a message for a new thumbnail, and for nothing else', async () => {
    const [before, after] = [rowWith({ id: 'm' }), rowWith({ id: 'm', thumbnail })];
    await invoke(
      handlers.changes,
      dynamoStreamEvent([
        { type: 'modify', before, after },
        { type: 'modify', before: after, after: { ...after, colour: '#000000' } },
      ]),
    );
    expect(messages().map(({ body }) => body)).toEqual(['{"photoId":"m","thumbnailKey":"thumbs/x.webp"}']);
  });

  test('removes the thumbnail of a row that is gone', async () => {
    await files.put(thumbnail.key, 'x', 'image/webp', { signal });
    await invoke(handlers.changes, dynamoStreamEvent([{ type: 'remove', before: rowWith({ thumbnail }) }]));
    expect(await files.get(thumbnail.key, { signal })).toBeUndefined();
  });

  test('D1 of a row that is none stops there, for the batch to come again from it', async () => {
    const event = dynamoStreamEvent([{ type: 'insert', after: { id: 'x' } }]);
    const answer = await invoke(handlers.changes, event);
    expect(answer.batchItemFailures).toHaveLength(1);
  });
});

test('Q1 Q2 a worker says which messages failed, and writes down what it found', async () => {
  const row = await uploaded(photo);
  await invoke(handlers.thumbnail, created(row, photo));
  const message = { photoId: row.id, thumbnailKey: `thumbs/${row.id}.webp` };
  const event = sqsEvent([
    { body: 'no JSON', messageId: 'bad' },
    { body: message },
    { body: { ...message, thumbnailKey: 'thumbs/gone.webp' }, messageId: 'gone' },
    { body: { ...message, photoId: 'removed' } },
  ]);
  expect(await invoke(handlers.worker, event)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'gone' }],
  });
  expect((await rowOf(row.id)).colour).toMatch(/^#[0-9a-f]{6}$/u);
});

test('C3 the report of a night counts its photos, from one night to the next, and is written once', async () => {
  const night = new Date('2026-03-02T02:00:00Z');
  const times = ['2026-03-01T01:59:59.999Z', '2026-03-01T02:00:00.000Z', '2026-03-02T01:59:59.999Z'];
  const { aws, app } = backend;
  const client = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  const documents = DynamoDBDocumentClient.from(client);
  const TableName = app.tables.find(({ id }) => id === 'Photos')?.name;
  await Promise.all(
    [...times, night.toISOString()].map((uploadedAt) =>
      documents.send(
        new PutCommand({ TableName, Item: rowWith({ id: uploadedAt.slice(8, 23), uploadedAt }) }),
      ),
    ),
  );
  client.destroy();
  const event = schedulerEvent({ slot: '<aws.scheduler.scheduled-time>' }, { time: night }) as {
    slot: string;
  };
  const key = 'reports/2026-03-02.json';
  const text = async (): Promise<string> => Buffer.from((await files.get(key, { signal })) ?? []).toString();
  await invoke(handlers.report, event);
  expect(JSON.parse(await text())).toEqual({
    from: '2026-03-01T02:00:00.000Z',
    to: '2026-03-02T02:00:00.000Z',
    photos: 2,
    bytes: 10,
    withoutThumbnail: ['01T02:00:00.000', '02T01:59:59.999'],
  });
  await files.put(key, 'kept', 'text/plain', { signal });
  await invoke(handlers.report, event);
  expect(await text()).toBe('kept');
});
