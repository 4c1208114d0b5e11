/**
 * template.yaml against what the handlers say they need, and the bundles it deploys.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type App, readTemplate } from '@handlersmith/local';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { bundle, WITH_SHARP } from '../local/bundle.ts';
import { type Backend, startBackend, TEMPLATE } from './backend.fixture.ts';

const text = readFileSync(TEMPLATE, 'utf8');
let app: App;
let backend: Backend;
beforeAll(async () => {
  app = await readTemplate(TEMPLATE);
  backend = await startBackend();
});
afterAll(() => backend[Symbol.asyncDispose]());

/** The part of the template that declares a resource. */
const declared = (id: string): string =>
  text.split(`\n  ${id}:\n`)[1]?.split(/\n {2}\w+:\n|\n {2}# ---/u)[0] ?? '';
const actionsOf = (id: string): string[] =>
  [...declared(id).matchAll(/\b(?:dynamodb|s3|ses|sqs):[A-Z]\w+/gu)]
    .map(([action]) => action)
    .filter((action) => !action.includes('ObjectCreated') && !action.includes('FromAddress'));

/** Functions that may do something to blobs. */
const who = (action: string): string[] =>
  app.functions
    .map(({ id }) => id)
    .filter((id) =>
      declared(id)
        .split('- Effect: Allow')
        .some((statement) => statement.includes(action) && statement.includes('/blobs/*')),
    );
const triggerOf = (id: string) => app.triggers.find((trigger) => trigger.function === id);

describe('the template', () => {
  test('has nothing that the reader does not know', () => {
    expect(app.findings).toEqual([]);
    expect(app.functions).toHaveLength(6);
  });

  test('gives each function what its own source asks for, and no variable that nobody reads', () => {
    const sources = app.functions.map(({ environment }) => Object.keys(environment));
    const known = [
      ...readFileSync(resolve(TEMPLATE, '../src/settings.ts'), 'utf8').matchAll(/'([A-Z_]+)'/gu),
    ].map(([, name]) => name);
    expect(new Set(sources.flat())).toEqual(new Set([...known, 'ALLOWED_ORIGIN', 'NODE_OPTIONS']));
  });

  test('lets nobody do anything to everything', () => {
    expect(text).not.toMatch(/Resource: '?\*/u);
    expect(text).not.toMatch(/(?:dynamodb|sqs|ses):\*/u);
  });

  test('lets the sweep alone delete blobs, and the API alone put them', () => {
    expect(who('s3:DeleteObject')).toEqual(['Sweep']);
    expect(who('s3:PutObject')).toEqual(['Api']);
  });

  test.each([
    [
      'Api',
      ['GetObject', 'PutObject', 'ListBucket', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    ],
    ['Worker', ['GetObject', 'ListBucket', 'GetItem', 'UpdateItem']],
    ['Changes', ['SendEmail', 'SendMessage', 'DeleteObject', 'PutItem', 'UpdateItem', 'DeleteItem']],
    ['Report', ['Query', 'PutObject', 'PutItem', 'UpdateItem', 'DeleteItem', 'SendMessage']],
  ])('lets %s do what it does', (id, actions) => {
    expect(new Set(actionsOf(id).map((action) => action.split(':')[1]))).toEqual(new Set(actions));
  });

  test('keeps what fails: asynchronous functions, the stream and the queue have a place for it', () => {
    for (const id of ['Thumbnail', 'Report', 'Sweep'])
      expect(app.functions.find((one) => one.id === id)?.asynchronous).toMatchObject({
        retries: 2,
        onFailure: expect.stringContaining(':sqs:'),
      });
    expect(app.triggers.find(({ type }) => type === 'dynamodb')).toMatchObject({
      reportFailures: true,
      bisect: true,
      onFailure: expect.stringContaining('LostChanges'),
    });
    const queue = app.queues.find(({ id }) => id === 'Thumbnails');
    const worker = app.functions.find(({ id }) => id === 'Worker');
    expect(Number(queue?.attributes['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * (worker?.timeout ?? 0));
    expect(queue?.attributes['RedrivePolicy']).toContain('DeadThumbnails');
    expect(app.triggers.find(({ type }) => type === 'sqs')).toMatchObject({ reportFailures: true });
  });

  test('has an alarm for each queue in which something may be left lying', () => {
    for (const { id } of app.queues.filter((queue) => queue.id !== 'Thumbnails'))
      expect(text).toContain(`Value: !GetAtt ${id}.QueueName`);
  });
});

test('the handlers say what the template has', async () => {
  const [thumbnail, changes, report, sweep] = await Promise.all([
    import('../src/thumbnail.ts'),
    import('../src/changes.ts'),
    import('../src/report.ts'),
    import('../src/sweep.ts'),
  ]);
  expect(triggerOf('Thumbnail')).toMatchObject({
    events: ['s3:ObjectCreated:*'],
    prefix: thumbnail.handler.manifest.prefix[0],
  });
  expect(thumbnail.handler.manifest.outputPrefix).toEqual(['thumbs/']);
  expect(changes.handler.manifest.needs).toContain('ReportBatchItemFailures');
  expect(triggerOf('Report')).toMatchObject({ expression: report.handler.manifest.expression });
  for (const { handler } of [report, sweep]) expect(handler.manifest.needs).toContain('SlotInInput');
  for (const id of ['Report', 'Sweep'])
    expect(triggerOf(id)).toMatchObject({ input: expect.stringContaining('"slot"') });
});

describe('the bundles', () => {
  let folder: string;
  let metafile: Metafile;
  beforeAll(async () => {
    // Where sharp is found, as it is beside a bundle that is deployed.
    const cache = resolve(TEMPLATE, '../node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'bundles-'));
    metafile = await bundle(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const inputsOf = (name: string): string[] =>
    Object.entries(metafile.outputs).flatMap(([path, { entryPoint, inputs }]) =>
      path.endsWith('.mjs') && entryPoint?.endsWith(`/${name}.ts`) === true ? Object.keys(inputs) : [],
    );

  test('are what the template deploys', async () => {
    // From the text: where nothing is built, what is read of the template is the folder of the sources.
    const written = readFileSync(TEMPLATE, 'utf8').matchAll(
      /^ {2}(\w+):\n {4}Type: AWS::Serverless::Function\n(?: {4,}.*\n)*? {6}CodeUri: dist\/(\w+)\/?$/gm,
    );
    const folders = new Map([...written].map(([, id = '', name = '']) => [id, name]));
    for (const { id, exported } of app.functions) {
      const name = folders.get(id) ?? `no CodeUri of ${id}`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const module = (await import(join(folder, name, `${name}.mjs`))) as Record<string, unknown>;
      expect([id, typeof module[exported]]).toEqual([id, 'function']);
    }
  });

  test('have their own trigger in them and no other', () => {
    const triggers = ['http', 's3', 'sqs', 'stream', 'cron'];
    const own = (name: string): string[] =>
      triggers.filter((trigger) =>
        inputsOf(name).some(
          (path) =>
            path.includes(`handlersmith/src/${trigger}/handler.ts`) ||
            path.includes(`handlersmith/src/${trigger}/router.ts`),
        ),
      );
    expect(
      Object.fromEntries(['api', 'thumbnail', 'worker', 'report', 'sweep'].map((name) => [name, own(name)])),
    ).toEqual({
      api: ['http'],
      thumbnail: ['s3'],
      worker: ['sqs'],
      report: ['cron'],
      sweep: ['cron'],
    });
  });

  test('leave sharp outside, in those functions that have it beside them', () => {
    const withSharp = Object.entries(metafile.outputs).flatMap(([path, { entryPoint, imports }]) =>
      imports.some((one) => one.path === 'sharp' && one.external === true) && path.endsWith('.mjs')
        ? [/(\w+)\.ts$/u.exec(entryPoint ?? '')?.[1]]
        : [],
    );
    expect(new Set(withSharp)).toEqual(new Set(WITH_SHARP));
  });
});
