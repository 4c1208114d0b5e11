import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openCache } from './cache.ts';

let scratch: string;
let folder: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'handlersmith-cache-'));
  vi.stubEnv('TMPDIR', scratch);
  folder = join(scratch, `handlersmith-${userInfo().username}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

const open = (): Promise<unknown> => openCache(join(scratch, 'handler.ts'), []);

test('a folder of our own is taken, made or found', async () => {
  await open();
  await expect(open()).resolves.toBeDefined();
});

test('bundles are not run from where others could put them', async () => {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  await expect(open()).rejects.toThrow('Cannot write to');
});

test('nor from where a link leads that somebody left there', async () => {
  const elsewhere = join(scratch, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, folder);
  await expect(open()).rejects.toThrow('Cannot write to');
});
