/**
 * The tutorial, step by step: after each, what the page has shown so far is played, and does what the page says.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { type LocalApp, playTemplate } from '@handlersmith/local';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { halfOf, type Picture, rings } from '../../examples/photos/local/pictures.ts';

const root = resolve(import.meta.dirname, '../..');
const example = join(root, 'examples/photos');
const template = readFileSync(join(example, 'template.yaml'), 'utf8');
const page = readFileSync(join(root, 'docs/guide/tutorial-photos.md'), 'utf8');

let folder: string;
let picture: Picture;
let app: LocalApp | undefined;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tutorial-')));
  symlinkSync(join(example, 'node_modules'), join(folder, 'node_modules'));
  picture = await rings();
  writeFileSync(join(folder, 'cat.jpg'), picture.bytes);
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shownFiles = /^<<< @\/\.\.\/examples\/photos\/([^\s#{]+)(?:#(\w+))?\{/gm;

/** Makes the folder of a reader who has copied everything up to the end of a step. */
function copyUpTo(step: string): void {
  const end = page.indexOf(`template.yaml#${step}{`);
  expect([step, end > 0]).toEqual([step, true]);
  rmSync(join(folder, 'src'), { recursive: true, force: true });
  const parts: string[] = [];
  for (const [, file = '', region] of page.slice(0, page.indexOf('\n', end)).matchAll(shownFiles)) {
    if (file === 'template.yaml') parts.push(partOf(region ?? ''));
    else if (region === undefined) cpSync(join(example, file), join(folder, file));
  }
  writeFileSync(join(folder, 'template.yaml'), parts.join(''));
}

function partOf(region: string): string {
  const [, part = ''] =
    new RegExp(`# #region ${region}\n(.*\n) *# #endregion ${region}\n`, 's').exec(template) ?? [];
  return part;
}

/** Plays what is there at the end of a step. */
async function playUpTo(step: string): Promise<LocalApp> {
  copyUpTo(step);
  app = await playTemplate(join(folder, 'template.yaml'), { watch: false, unknown: 'stop' });
  return app;
}

async function upload(
  { urls }: LocalApp,
  { bytes }: Picture,
): Promise<{ id: string; replayed: boolean; text: string }> {
  const answer = await fetch(`${urls['HttpApi']}/photos?name=cat.jpg`, {
    method: 'POST',
    headers: { 'idempotency-key': 'first' },
    body: bytes,
  });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([201, expect.any(String)]);
  const { id } = JSON.parse(text) as { id: string };
  return { id, text, replayed: answer.headers.get('idempotency-replayed') === 'true' };
}

const photo = async ({ urls }: LocalApp, id: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${urls['HttpApi']}/photos/${id}`)).json()) as Record<string, unknown>;
const WAIT = { timeout: 20_000 };

describe('the page', () => {
  it('shows every part of the template but its alarms, and every file', () => {
    const regions = [...template.matchAll(/# #region (\w+)/g)].map(([, name]) => name);
    const shown = [...page.matchAll(/template\.yaml#(\w+)\{/g)].map(([, name]) => name);
    expect(shown).toEqual(regions);
    const files = [...page.matchAll(shownFiles)].flatMap(([, file = '', region]) =>
      region === undefined ? [file] : [],
    );
    expect(files.toSorted()).toEqual(globSync('src/*.ts', { cwd: example }).toSorted());
  });
});

describe('after each step', () => {
  it('1: an upload is there, and its retry gets the same answer', async () => {
    const playing = await playUpTo('upload');
    expect(playing.app.functions.map(({ id }) => id)).toEqual(['Api']);
    const first = await upload(playing, picture);
    expect(await upload(playing, picture)).toEqual({ ...first, replayed: true });
    const image = await fetch(`${playing.urls['HttpApi']}/photos/${first.id}/image`);
    expect(Buffer.from(await image.arrayBuffer()).equals(picture.bytes)).toBe(true);
  });

  it('2: it gets a thumbnail; one that breaks off half-way ends where failures go', async () => {
    const playing = await playUpTo('thumbnails');
    const { id } = await upload(playing, picture);
    await expect
      .poll(async () => (await photo(playing, id))['thumbnail'], WAIT)
      .toMatchObject({ width: 240 });
    await app?.stop();
    const again = await playUpTo('thumbnails');
    await upload(again, halfOf(picture));
    const failed = (): number => again.journal.entries().filter(({ result }) => result?.ok === false).length;
    for (const tries of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await expect.poll(failed, WAIT).toBe(tries);
      again.clock.advance(120_000);
    }
    const name = again.app.queues.find((queue) => queue.id === 'BrokenPhotos')?.name ?? '';
    await expect.poll(() => again.aws.sqs.queue(name)?.messages().length, WAIT).toBe(1);
  });

  it('3: a mail is sent, and a message', async () => {
    const playing = await playUpTo('changes');
    await upload(playing, picture);
    await expect
      .poll(() => playing.aws.ses.mails().map(({ subject }) => subject), WAIT)
      .toEqual(['New photo: cat.jpg']);
    const name = playing.app.queues.find((queue) => queue.id === 'Thumbnails')?.name ?? '';
    await expect.poll(() => playing.aws.sqs.queue(name)?.messages().length, WAIT).toBe(1);
  });

  it('4: the worker finds its colour', async () => {
    const playing = await playUpTo('worker');
    const { id } = await upload(playing, picture);
    await expect.poll(async () => (await photo(playing, id))['colour'], WAIT).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('5: the night has its report', async () => {
    const playing = await playUpTo('nights');
    playing.clock.moveTo(playing.schedules.get('Nightly')?.next() ?? 0);
    const reports = (): unknown[] =>
      playing.journal.entries().filter((entry) => entry.function === 'Report' && entry.result?.ok === true);
    await expect.poll(() => reports().length, WAIT).toBe(1);
  });
});

const snippet = (name: string): string => readFileSync(join(root, 'docs/snippets/tutorial', name), 'utf8');

describe('what the page runs', () => {
  it('sends a photo, and half of one', async () => {
    const playing = await playUpTo('thumbnails');
    const commands = ['upload.sh', 'half.sh'].map(snippet).join('\n');
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-ec', commands.replaceAll('http://127.0.0.1:3000', playing.urls['HttpApi'] ?? '')],
      { cwd: folder },
    );
    expect(stdout.match(/HTTP\/1\.1 201 /g)).toHaveLength(2);
    await expect
      .poll(() => playing.journal.entries().filter((entry) => entry.function === 'Thumbnail'), WAIT)
      .toEqual([
        expect.objectContaining({ result: expect.objectContaining({ ok: true }) }),
        expect.objectContaining({ result: expect.objectContaining({ ok: false }) }),
      ]);
  });

  it('installs what the files import', () => {
    const sources = globSync('src/*.ts', { cwd: example }).map((file) =>
      readFileSync(join(example, file), 'utf8'),
    );
    const imported = [...sources.join('').matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:') && name !== 'handlersmith');
    expect(imported.length).toBeGreaterThan(5);
    for (const name of new Set(imported))
      expect(snippet('install.sh')).toMatch(new RegExp(`[ ]${name}[@\\s]`));
  });

  // A process with settings of its own finds no kept bundles: it makes all six.
  it('moves the clock to the night', { timeout: 120_000 }, async () => {
    copyUpTo('nights');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@handlersmith/source', join(root, 'docs/snippets/tutorial/night.ts')],
      { cwd: folder },
    );
    expect(stdout).toMatch(/^Report .* at \d{4}-\d\d-\d\dT02:00:00\.000Z true$/m);
  });
});
