import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  type LocalDynamoDb,
  type LocalS3,
  type S3Notification,
  startDynamoDb,
  startS3,
} from '@handlersmith/local';
import {
  captureLogs,
  invoke,
  lambdaContext,
  request,
  s3Event,
  scheduledEvent,
  sqsEvent,
} from '@handlersmith/testing';
import * as errors from 'handlersmith/store';
import { blobStore } from 'handlersmith/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { uploadPhoto } from '../snippets/store/browser.ts';
import { handler as change } from '../snippets/store/change.ts';
import { handler as queue } from '../snippets/store/queue.ts';
import { read } from '../snippets/store/read.ts';
import { handler as smallest } from '../snippets/store/smallest.ts';
import { photos } from '../snippets/store/store.ts';
import { copy } from '../snippets/store/stream.ts';
import { orphans } from '../snippets/store/sweep-by-hand.ts';
import { handler as sweep } from '../snippets/store/sweep.ts';
import { handler as uploads, onCreated } from '../snippets/store/upload.ts';
vi.hoisted(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT'; // read when a handler is built, that is when it is imported
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}
interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>> & {
    readonly Policies?: readonly [{ readonly Statement: readonly Statement[] }];
  };
}

const file = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = file('guide/store.md');
const customTags: ScalarTag[] = ['Ref', 'GetAtt', 'Sub'].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [name]: text }),
}));
const { Resources } = parse(file('snippets/store/template.yaml'), { customTags }) as {
  readonly Resources: Readonly<Record<string, Resource>>;
}; // as written there

let s3: LocalS3;
let dynamoDb: LocalDynamoDb;
const created: S3Notification[] = [];

beforeAll(async () => {
  [s3, dynamoDb] = await Promise.all([
    startS3({ buckets: ['photos'], onEvent: (notification) => created.push(notification) }),
    startDynamoDb(),
  ]);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const client = new DynamoDBClient(dynamoDb.clientConfig);
  // The tables of the page's template, but for what CreateTable does not take.
  for (const [name, table] of Object.entries({ photos: 'PhotosTable', writes: 'WritesTable' })) {
    const properties = { ...Resources[table]?.Properties };
    delete properties['TimeToLiveSpecification'];
    delete properties['PointInTimeRecoverySpecification'];
    // oxlint-disable-next-line no-await-in-loop -- two
    await client.send(
      new CreateTableCommand({ ...(properties as unknown as CreateTableCommandInput), TableName: name }),
    ); // as CreateTable takes it
  }
  client.destroy();
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([s3.close(), dynamoDb.stop()]);
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const post = (key: string | undefined, text: string): ReturnType<typeof request> =>
  request(smallest, 'POST /photos', {
    headers: { 'content-type': 'image/jpeg', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: bytes(text),
  });

/** Names in the first column of a table. */
const named = (heading: string): string[] => {
  const section = page.split(`${heading}\n`)[1]?.split('\n#')[0] ?? '';
  return [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/\w+/g)].map(([name]) => name),
  );
};

/** What a function says it knows. */
const known = async (use: (options: object) => unknown): Promise<string[]> => {
  const error = await Promise.resolve()
    .then(() => use({ qqqqqqqqqqqqqqqq: true }))
    .catch((thrown: unknown) => thrown);
  return (error as Error).message.split('Known options: ')[1]?.split(', ') ?? []; // a TypeError
};

/** Blobs that rows refer to. */
const live = async (): Promise<number> => (await photos.sweep({ grace: 0, dryRun: true })).live;

describe('the handlers on the page', () => {
  it('the smallest answers as the page says', async () => {
    const first = await post('a', 'sea');
    const again = await post('a', 'sea');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text()).toBe(first.text());
    expect(again.header('idempotency-replayed')).toBe('true');
    expect((await post('a', 'land')).status).toBe(422);
    expect((await post(undefined, 'sea')).status).toBe(400);
  });

  it('a redelivered message is done once', async () => {
    const event = sqsEvent([{ body: { order: 'o-1', image: Buffer.from('sea').toString('base64') } }]);
    const before = await live();
    expect(await invoke(queue, event, lambdaContext())).toEqual({ batchItemFailures: [] });
    expect(await invoke(queue, event, lambdaContext())).toEqual({ batchItemFailures: [] });
    expect(await live()).toBe(before + 1);
  });

  it('replace, read and remove', async () => {
    const { id } = (await post('b', 'sea')).json() as { id: string }; // as it answers
    const put = (key: string, text: string, more: object = {}): ReturnType<typeof request> =>
      request(change, `PUT /photos/${id}`, {
        headers: { 'idempotency-key': key, ...more },
        body: bytes(text),
      });
    expect((await put('b-1', 'land')).json()).toEqual({ id, size: 4 });
    expect((await put('b-2', 'sky', { 'if-match': 'another' })).status).toBe(412);
    const { blob } = await photos.replace({
      scope: 'tenant-1',
      idempotencyKey: 'b-3',
      id,
      body: bytes('cloud'),
      row: () => ({}),
      respond: () => null,
    });
    expect(Buffer.from((await read(() => Promise.resolve({ blob }))) ?? []).toString()).toBe('cloud');
    const gone = await request(change, `DELETE /photos/${id}`, { headers: { 'idempotency-key': 'b-4' } });
    expect(gone.json()).toEqual({ removed: id });
    expect((await put('b-5', 'sky')).status).toBe(404);
  });

  it('a stream is copied', async () => {
    const source = 'data:image/jpeg;base64,c2Vh';
    const id = await copy(source, 'c', new AbortController().signal);
    expect(await copy(source, 'c', new AbortController().signal)).toBe(id);
  });

  it('the sweep runs as a schedule, and tells what it did', async () => {
    const { lines } = await captureLogs(() =>
      invoke(sweep, scheduledEvent({ time: new Date('2026-11-01T03:00:00Z') }), lambdaContext()),
    );
    expect(sweep.manifest).toMatchObject({ trigger: 'cron', schedule: 'sweep-photos' });
    expect(lines).toEqual([]); // silent here
    expect(await orphans()).toMatchObject({ days: [], complete: true });
  });
});

const upload = (key: string, title: string): Promise<unknown> =>
  uploadPhoto(
    'https://api.example.com',
    key,
    new Blob(['a photo of the sea'], { type: 'image/jpeg' }),
    title,
  );

describe('the upload from the browser', () => {
  const realFetch = globalThis.fetch;
  /** The page's API, and S3 itself. */
  const answering = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const { host, pathname } = new URL(input);
    if (host !== 'api.example.com') return realFetch(input, init);
    const answer = await request(uploads, `POST ${pathname}`, {
      headers: init.headers as Record<string, string>, // as the snippet gives them
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
    });
    return new Response(answer.text(), { status: answer.status });
  };
  beforeEach(() => {
    vi.stubGlobal('fetch', answering);
    created.length = 0;
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is signed, sent once, and completed; a retry gets the answer', async () => {
    const first = await upload('upload-1', 'sea');
    expect(first).toMatchObject({ size: 18 });
    expect(await upload('upload-1', 'sea')).toEqual(first);
    await expect(upload('upload-1', 'land')).rejects.toThrow('422');
    expect(created).toHaveLength(1);
  });

  it('is completed by the event of S3 where the client never comes back', async () => {
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
      input.endsWith('/completed') ? Promise.reject(new Error('gone')) : answering(input, init),
    );
    await expect(upload('upload-2', 'sea')).rejects.toThrow('gone');
    expect(created).toHaveLength(1);
    await invoke(onCreated, s3Event(created.map(({ key }) => key)), lambdaContext());
    vi.stubGlobal('fetch', answering);
    expect(await upload('upload-2', 'sea')).toMatchObject({ size: 18 });
    const completed = await request(uploads, 'POST /uploads/completed', {
      headers: { 'idempotency-key': 'upload-2' },
    });
    expect(completed.header('idempotency-replayed')).toBe('true');
  });
});

describe("the page's tables", () => {
  const options = { bucket: 'b', table: 't', records: { table: 'r' }, rowKey: (id: string) => ({ id }) };
  it.each([
    ['### Of `blobStore`', (wrong: object) => blobStore({ ...options, ...wrong })],
    ['### `limits`', (wrong: object) => blobStore({ ...options, limits: wrong })],
    ['## Sweep', (wrong: object) => photos.sweep(wrong)],
  ])('list every option there is: %s', async (heading, use) => {
    const all = await known(use);
    expect(all.length).toBeGreaterThan(5);
    expect(named(heading).toSorted()).toEqual(all.toSorted());
  });

  it('list every error there is', () => {
    const all = Object.entries(errors).filter(([, value]) => value.prototype instanceof Error);
    expect(all.length).toBeGreaterThan(9);
    expect([...new Set(named('## Errors'))].toSorted()).toEqual(all.map(([name]) => name).toSorted());
  });
});

describe("the page's template", () => {
  /** The statement that refuses what would overwrite, for the bucket here. That of the sweeper asks who it is: nobody is anybody here. */
  const [nothingIsOverwritten] = JSON.parse(
    JSON.stringify(Resources['PhotosPolicy']?.Properties['PolicyDocument']).replaceAll(
      /\{"Sub":"([^"]*)"\}/g,
      (_, arn: string) => JSON.stringify(arn.replace('photos-${AWS::AccountId}-${AWS::Region}', 'photos')),
    ),
  ).Statement as readonly object[]; // as written there

  it('has a bucket policy that takes what the store sends, and no put without its condition', async () => {
    const client = new S3Client(s3.clientConfig);
    const Bucket = 'photos';
    const input = { scope: 'policed', row: () => ({}), respond: () => null };
    const all = { Version: '2012-10-17', Statement: [nothingIsOverwritten] };
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(all) }));
    try {
      const put = (Key: string): Promise<unknown> =>
        client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
      await expect(put('blobs/photos/2026-11-01/any')).rejects.toMatchObject({ name: 'AccessDenied' });
      await put('elsewhere');

      const { blob } = await photos.create({ ...input, idempotencyKey: 'bytes', body: bytes('sea') });
      await expect(put(blob.key)).rejects.toMatchObject({ name: 'AccessDenied' });
      const parts = new Blob([new Uint8Array(9 * 1024 ** 2)]).stream();
      expect(await photos.create({ ...input, idempotencyKey: 'parts', body: parts })).toMatchObject({
        status: 'written',
        blob: { crc32: expect.any(String) },
      });
      const body = bytes('a photo of the sea');
      const begun = await photos.beginUpload({
        scope: 'policed',
        idempotencyKey: 'upload',
        size: body.byteLength,
        sha256: createHash('sha256').update(body).digest('hex'),
      });
      if (begun.status !== 'upload') throw new Error('there is such an upload');
      const { url, method, headers } = begun;
      expect((await fetch(url, { method, headers, body })).status).toBe(200);
      expect((await fetch(url, { method, headers, body })).status).toBe(412);
      await photos.completeUpload({ ...input, idempotencyKey: 'upload' });
    } finally {
      await client.send(new DeleteBucketPolicyCommand({ Bucket }));
      client.destroy();
    }
  });

  it('lets the sweeper alone delete, and refuses what would overwrite', () => {
    const text = JSON.stringify(Resources['PhotosPolicy']);
    expect(text).toContain('"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}');
    expect(text).toContain('{"GetAtt":"SweepFunctionRole.Arn"}');
    const actionsOf = (name: string): string[] =>
      (Resources[name]?.Properties.Policies?.[0].Statement ?? []).flatMap(({ Action }) => Action);
    expect(actionsOf('PhotosFunction').filter((action) => action.startsWith('s3:Delete'))).toEqual([]);
    expect(actionsOf('SweepFunction')).toEqual(
      expect.arrayContaining(['s3:ListBucketVersions', 's3:DeleteObject', 's3:DeleteObjectVersion']),
    );
  });

  it('has the attribute that records expire by', () => {
    expect(Resources['WritesTable']?.Properties['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });
});
