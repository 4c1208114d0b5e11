import { join } from 'node:path';

import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { manualClock, playTemplate } from '@handlersmith/local';
import type { LocalApp, PlayOptions } from '@handlersmith/local';
import { afterEach, describe, expect, test } from 'vitest';

import { ended, until } from './play.fixture.ts';

const templates = join(import.meta.dirname, 'templates');
const items = join(import.meta.dirname, '../../../examples/items-api');

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()));
});

/** Plays a template as it lies there. */
async function play(file: string, options: PlayOptions = {}): Promise<LocalApp> {
  const app = await playTemplate(file, { watch: false, retryDelay: 20, ...options });
  open.push(app);
  expect(app.app.findings).toEqual([]);
  return app;
}

function databaseOf({ aws }: LocalApp): DynamoDBClient {
  const client = new DynamoDBClient({ ...aws.clientConfig, endpoint: aws.dynamodb.endpoint });
  open.push({ stop: async () => client.destroy() });
  return client;
}

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

test('an HTTP API with a table: three functions, put and read back', async () => {
  const app = await play(join(templates, 'http-api-table/template.yaml'));
  const url = app.app.outputs['WebEndpoint'] ?? '';
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/u);
  const put = await fetch(url, json({ id: 'a 1', name: 'lamp' }));
  expect(await put.json()).toEqual({ id: 'a 1', name: 'lamp' });
  expect((await fetch(url, json({ id: 'b', name: 'x'.repeat(51) }))).status).toBe(400);
  expect(await (await fetch(`${url}a%201`)).json()).toEqual({ id: 'a 1', name: 'lamp' });
  expect(await (await fetch(url)).json()).toEqual([{ id: 'a 1', name: 'lamp' }]);
  const missing = await fetch(`${url}nothing`);
  expect([missing.status, await missing.json()]).toEqual([404, { message: 'no item nothing' }]);
  const [table] = app.app.tables;
  const { Items } = await databaseOf(app).send(new ScanCommand({ TableName: table?.name }));
  expect(Items).toEqual([{ id: { S: 'a 1' }, name: { S: 'lamp' } }]);
});

test('a bucket with a queue: from an object to its work, and poison to the dead-letter queue', async () => {
  // A visibility timeout of 90 seconds is nothing to wait for: the clock is moved.
  const app = await play(join(templates, 'bucket-queue/template.yaml'));
  const { UploadBucketName: uploads, DoneBucketName: done, DeadLetters = '' } = app.app.outputs;
  await app.s3('PUT', `/${uploads}/incoming/a%20b.txt`, { body: 'x' });
  await app.s3('PUT', `/${uploads}/incoming/poison.txt`, { body: 'x' });
  await app.s3('PUT', `/${uploads}/incoming/picture.png`, { body: 'x' });
  await until(async () => {
    const object = await app.s3('GET', `/${done}/incoming/a%20b.txt`).catch(() => undefined);
    return object?.body.toString() === 'done';
  });
  await until(() => ended(app, 'WorkFunction').some(({ event }) => event.includes('poison')));
  app.clock.advance(91_000);
  await until(() => ended(app, 'WorkFunction').some(({ attempt }) => attempt === 2));
  app.clock.advance(91_000);
  const dead = DeadLetters.split('/').at(-1) ?? '';
  await until(() => app.aws.sqs.queue(dead)?.messages().length === 1);
  expect(app.aws.sqs.queue(dead)?.messages()[0]?.body).toBe('{"key":"incoming/poison.txt"}');
  expect(ended(app, 'EnqueueFunction').length).toBe(2);
});

test('a schedule with a stream: every tick is a row, every row is counted', async () => {
  const clock = manualClock(new Date('2026-05-01T00:00:00Z'));
  const app = await play(join(templates, 'schedule-stream/template.yaml'), { clock });
  const database = databaseOf(app);
  const readings = async (): Promise<number> => {
    const key = { id: { S: 'attic' } };
    const name = app.app.outputs['TotalsTable'];
    const { Item } = await database.send(
      new GetItemCommand({ TableName: name, Key: key, ConsistentRead: true }),
    );
    return Number(Item?.['readings']?.N ?? 0);
  };
  for (let tick = 1; tick <= 3; tick += 1) {
    // Each tick is looked at before the next.
    // oxlint-disable no-await-in-loop
    clock.advance(5 * 60_000);
    await until(async () => (await readings()) === tick, `tick ${tick}`);
    // oxlint-enable no-await-in-loop
  }
  const { Items = [] } = await database.send(
    new ScanCommand({ TableName: app.app.outputs['ReadingsTable'] }),
  );
  expect(Items.map(({ id }) => id?.S ?? '').toSorted((a, b) => a.localeCompare(b))).toEqual([
    'attic 2026-05-01T00:05:00Z',
    'attic 2026-05-01T00:10:00Z',
    'attic 2026-05-01T00:15:00Z',
  ]);
});

describe('items-api', () => {
  const handler = join(items, 'src/handler.ts');
  test.each([
    ['SAM', join(items, 'template.yaml'), {}],
    ['CDK', join(templates, 'cdk/items-api.template.json'), { Function76856677: handler }],
    [
      'the Serverless Framework',
      join(templates, 'serverless/items-api/cloudformation-template-update-stack.json'),
      { 'items-api-dev-items': handler },
    ],
  ])('as %s writes it answers a POST and a GET', async (_, file, sources) => {
    const app = await play(file, { sources });
    const [url] = Object.values(app.urls);
    const made = await fetch(`${url}/items`, json({ name: 'lamp', price: 12 }));
    expect([made.status, await made.clone().text()]).toEqual([201, expect.stringContaining('lamp')]);
    const read = await fetch(`${url}${made.headers.get('location')}`);
    expect(read.status).toBe(200);
    expect(await read.json()).toEqual(await made.json());
    const { Items } = await databaseOf(app).send(
      new ScanCommand({ TableName: app.app.outputs['TableName'] }),
    );
    expect(Items?.length).toBeGreaterThan(0);
  });
});
