import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { bundleSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'handlersmith-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a source with a fault is told with file and line', async () => {
  const file = join(folder, 'bad.ts');
  writeFileSync(file, 'export const a = 1;\nexport const b = ;\n');
  expect(await bundleSource(file)).toMatchObject({ ok: false, problems: [{ file, line: 2 }] });
});

test('a source becomes a file that can be imported, and believes to be where it lies', async () => {
  const file = join(folder, 'good.ts');
  writeFileSync(file, 'enum Colour { Red }\nexport const here: string = import.meta.dirname + Colour.Red;\n');
  const bundle = await bundleSource(file);
  if (!bundle.ok) throw new Error(bundle.error.errorMessage);
  const loaded = (await import(pathToFileURL(bundle.file).href)) as { here: string }; // written above
  expect(loaded.here).toBe(`${folder}0`);
});
