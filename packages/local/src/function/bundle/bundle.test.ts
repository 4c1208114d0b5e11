import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bundle, type BundleOptions } from './bundle.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handlersmith-bundle-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true }); // oxlint-disable-line no-await-in-loop -- folders may be shared
    await writeFile(file, text); // oxlint-disable-line no-await-in-loop -- as above
  }
}

/** What the bundle of `handler.ts` exports as `answer`. */
async function answerOf(options: Partial<BundleOptions> = {}): Promise<unknown> {
  const made = await bundle(join(folder, 'handler.ts'), { folder, conditions: [], external: [], ...options });
  if (!made.ok) throw new Error(made.error.errorMessage);
  const { answer } = (await import(made.file)) as { answer: unknown }; // as the tests write it
  return answer;
}

const installed = (name: string, description: object, index: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...description }),
  [`node_modules/${name}/index.js`]: index,
});

describe('a bundle', () => {
  it('leaves a package with native parts where it is, though only another package finds it', async () => {
    await write({
      ...installed('thumbs', { main: 'index.js' }, "exports.where = require('pixels').where;"),
      ...installed(
        'thumbs/node_modules/pixels',
        { main: 'index.js', optionalDependencies: { '@pixels/linux-x64': '1.0.0' } },
        'exports.where = __dirname;',
      ),
      'handler.ts': "import { where } from 'thumbs'; export const answer: string = where;",
    });
    expect(await answerOf()).toBe(join(folder, 'node_modules/thumbs/node_modules/pixels'));
  });

  it('takes in a package without', async () => {
    await write({
      ...installed('plain', { main: 'index.js' }, 'exports.where = __dirname;'),
      'handler.ts': "import { where } from 'plain'; export const answer: string = where;",
    });
    expect(await answerOf()).toBe(folder);
  });

  it('resolves by the conditions it is given, and leaves out what it is told to', async () => {
    await write({
      ...installed(
        'odd',
        { exports: { '@team/source': './source.js', default: './index.js' } },
        'exports.a = 1;',
      ),
      'node_modules/odd/source.js': 'exports.a = 2;',
      'handler.ts': "import { a } from 'odd'; export const answer: number = a;",
    });
    expect(await answerOf()).toBe(1);
    expect(await answerOf({ conditions: ['@team/source'] })).toBe(2);
    // Left to Node.js, which knows nothing of the condition here.
    expect(await answerOf({ conditions: ['@team/source'], external: ['odd'] })).toBe(1);
  });

  it('is made anew when an installed package changed', async () => {
    await write({
      ...installed('plain', { main: 'index.js' }, "exports.a = 'one';"),
      'handler.ts': "import { a } from 'plain'; export const answer: string = a;",
    });
    expect(await answerOf()).toBe('one');
    await write({ 'node_modules/plain/index.js': "exports.a = 'three';" });
    expect(await answerOf()).toBe('three');
  });

  it('says every fault with its place', async () => {
    await write({ 'handler.ts': "import './one.ts';\nimport './two.ts';\n" });
    const made = await bundle(join(folder, 'handler.ts'), { folder, conditions: [], external: [] });
    expect(made).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.ImportModuleError' },
      problems: [
        {
          message: expect.stringContaining('./one.ts'),
          file: join(folder, 'handler.ts'),
          line: 1,
          column: 8,
        },
        {
          message: expect.stringContaining('./two.ts'),
          file: join(folder, 'handler.ts'),
          line: 2,
          column: 8,
        },
      ],
    });
  });
});
