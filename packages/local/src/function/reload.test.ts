import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import { play } from './function.fixture.ts';
import type { Reload } from './index.ts';

const handler = (answer: string): string => `export const handler = async () => ${answer};`;

describe('a change of the source', () => {
  it('is what the next invocation runs, and one that runs goes on', async () => {
    const reloads: Reload[] = [];
    const played = await play(
      "import { name } from './name.ts';\nexport const handler = async (event: any) => { if (event.slow) await new Promise((done) => setTimeout(done, 800)); return name; };",
      { watch: true, onReload: (reload) => reloads.push(reload) },
    );
    await played.write('name.ts', "export const name = 'one';");
    await vi.waitFor(async () => expect(await played.call()).toMatchObject({ payload: '"one"' }), {
      timeout: 5000,
    });
    const count = reloads.length;
    const running = played.answer({ slow: true });
    await played.write('name.ts', "export const name = 'two';");
    await vi.waitFor(() => expect(reloads).toHaveLength(count + 1), { timeout: 5000 });
    expect(reloads.at(-1)).toEqual({ ok: true });
    const next = await played.call();
    expect(next).toMatchObject({ payload: '"two"' });
    expect(next.initDuration).toBeGreaterThan(0);
    expect(await running).toBe('one');
    expect(await played.answer({})).toBe('two');
  });

  it('with a fault is told with its place, the old source runs on, and the next change mends it', async () => {
    const reloads: Reload[] = [];
    const played = await play(handler('1'), { watch: true, onReload: (reload) => reloads.push(reload) });
    expect(await played.answer()).toBe(1);
    await played.write('handler.ts', '\nexport const handler = async () => ;');
    await vi.waitFor(() => expect(reloads).toHaveLength(1), { timeout: 5000 });
    expect(reloads[0]).toEqual({
      ok: false,
      earlier: true,
      problems: [{ message: 'Unexpected ";"', file: join(played.folder, 'handler.ts'), line: 2, column: 36 }],
    });
    expect(await played.answer()).toBe(1);
    await played.write('handler.ts', handler('3'));
    await vi.waitFor(() => expect(reloads).toHaveLength(2), { timeout: 5000 });
    expect(await played.answer()).toBe(3);
  });

  it('may be a file in the place of another, as editors write, or one that was missing', async () => {
    const played = await play(
      "import { name } from './deep/name.ts'; export const handler = async () => name;",
      { watch: true },
    );
    expect(await played.call()).toMatchObject({ error: { errorType: 'Runtime.ImportModuleError' } });
    await mkdir(join(played.folder, 'deep'));
    await writeFile(join(played.folder, 'deep/name.ts'), "export const name = 'one';");
    await played.write(
      'handler.ts',
      "import { name } from './deep/name.ts'; export const handler = async () => name ;",
    );
    await vi.waitFor(async () => expect(await played.call()).toMatchObject({ payload: '"one"' }), {
      timeout: 5000,
    });
    const draft = join(played.folder, 'deep/draft');
    await writeFile(draft, "export const name = 'two';");
    await rename(draft, join(played.folder, 'deep/name.ts'));
    await vi.waitFor(async () => expect(await played.call()).toMatchObject({ payload: '"two"' }), {
      timeout: 5000,
    });
    await rm(join(played.folder, 'deep'), { recursive: true });
    expect(await played.call()).toMatchObject({ payload: '"two"' });
  });

  it('is looked for when asked', async () => {
    const played = await play(handler('1'));
    expect(await played.answer()).toBe(1);
    await played.write('handler.ts', handler('2'));
    expect(await played.answer()).toBe(1);
    played.function.reload();
    expect(await played.answer()).toBe(2);
  });

  it('reaches JavaScript that is run as it lies there', async () => {
    const played = await play(
      "import { name } from './name.mjs'; export const handler = async () => name;",
      { watch: true },
      {},
      'handler.mjs',
    );
    await played.write('name.mjs', "export const name = 'one';");
    played.function.reload();
    expect(await played.answer()).toBe('one');
    await played.write('name.mjs', "export const name = 'two';");
    await vi.waitFor(async () => expect(await played.answer()).toBe('two'), { timeout: 5000 });
  });
});

describe('a bundle of an earlier run', () => {
  it('is used where nothing changed, and not where something did', async () => {
    const played = await play(handler("'one'"));
    expect(await played.answer()).toBe('one');
    const again = await play('', {}, { ...played.function.declared });
    expect(await again.answer()).toBe('one');
    await played.write('handler.ts', handler("'two'"));
    const changed = await play('', {}, { ...played.function.declared });
    expect(await changed.answer()).toBe('two');
  });
});

/** What is told of a source that is there from the start: whether another one goes on, and why. */
async function toldOf(source: string): Promise<string[]> {
  const told: string[] = [];
  const played = await play(source, {
    onReload(reload) {
      for (const { message, file = '', line } of reload.ok ? [] : reload.problems)
        told.push(`${String(!reload.ok && reload.earlier)} ${basename(file)}:${line} ${message}`);
    },
  });
  await played.call();
  return told;
}

describe('a source that has never been good', () => {
  it('is told of at the start, before anything invokes it', async () => {
    expect(await toldOf('export const handler = async () => ;')).toEqual([
      'false handler.ts:1 Unexpected ";"',
    ]);
  });

  it.each([
    ['export const hander = () => 1;', 'hander'],
    ['export function one() {}\nexport class Two {}', 'Two, one'],
    ['throw new Error("never")', 'nothing'],
  ])('is one that does not export the handler: %s', async (source, exported) => {
    expect(await toldOf(source)).toEqual([
      `false handler.ts:undefined no export "handler", which is the handler; exported: ${exported}`,
    ]);
  });

  it.each([
    'export const handler = () => 1;',
    'const handler = () => 1; export default { handler };',
    'exports.handler = () => 1;',
    "export * from 'node:path';",
  ])('is none that may export it: %s', async (source) => {
    expect(await toldOf(source)).toEqual([]);
  });

  it('and one that loses its handler is told, while the one before goes on', async () => {
    const reloads: Reload[] = [];
    const played = await play(handler('1'), { onReload: (reload) => reloads.push(reload) });
    expect(await played.answer()).toBe(1);
    await played.write('handler.ts', 'export const other = () => 2;');
    played.function.reload();
    expect(await played.answer()).toBe(1);
    expect(reloads).toMatchObject([{ ok: false, earlier: true }]);
  });
});
